#include "operations/batch_results.hpp"

namespace mailsend {

namespace {

constexpr std::size_t enough = 32 * 1024;

}  // namespace

BatchResults::BatchResults(const wfc::Call& call, const std::string& name) {
    try {
        sink_ = call.emit_blob(name, "application/x-ndjson");
    } catch (const wfc::StreamFailed&) {  // the result document has to do
    }
}

void BatchResults::add(std::string_view line) {
    if (!sink_) return;
    waiting_.append(line).push_back('\n');
    if (waiting_.size() >= enough) flush();
}

void BatchResults::flush() {
    if (waiting_.empty() || !sink_) return;
    wfc::write(*sink_, waiting_);
    waiting_.clear();
}

}  // namespace mailsend
