// A record as JSON and back.
#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "ledger/record.hpp"
#include "wfc/author.hpp"
#include "wfc/json.hpp"

namespace mailsend::ledger {

namespace {

constexpr std::int64_t format = 1;
constexpr std::size_t usual_record = 640, largest_record = 1u << 20, longest_text = 1000, most_lines = 32,
                      longest_reply = 4096;
constexpr std::int64_t last_moment = 253'402'300'799'999;  // the end of the year 9999
constexpr const char* damaged = "is damaged";

constexpr std::array<std::pair<Phase, std::string_view>, 6> phases{{{Phase::claimed, "claimed"},
                                                                    {Phase::ending, "ending"},
                                                                    {Phase::sent, "sent"},
                                                                    {Phase::partial, "partial"},
                                                                    {Phase::unknown, "unknown"},
                                                                    {Phase::failed, "failed"}}};

[[noreturn]] void refuse() {
    throw std::invalid_argument(damaged);
}

Phase phase_in(const std::string& word) {
    for (const auto& [phase, name] : phases) {
        if (word == name) return phase;
    }
    refuse();
}

std::int64_t moment(wfc::Fields& fields, std::string_view member) {
    const nlohmann::json& value = fields.require(member);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::uint64_t{last_moment}) refuse();
    return value.get<std::int64_t>();
}

/// Printable ASCII, as all of ours are.
std::string plain(wfc::Fields& fields, std::string_view member) {
    std::string value = fields.required_string(member);
    const bool sound = value.size() <= longest_text &&
                       std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (!sound) refuse();
    return value;
}

std::vector<Standing> standings_in(const std::string& letters) {
    std::vector<Standing> out;
    out.reserve(letters.size());
    for (const char letter : letters) {
        if (std::string_view("oesu").find(letter) == std::string_view::npos) refuse();
        out.push_back(Standing{letter});
    }
    if (out.empty()) refuse();
    return out;
}

Reply reply_in(const nlohmann::json& json) {
    wfc::Fields fields(json, "/reply", WFC_INVALID_INPUT);
    const nlohmann::json& code = fields.require("code");
    const nlohmann::json& lines = fields.require("lines");
    fields.done();
    if (!code.is_number_unsigned() || code < 200 || code > 599) refuse();
    if (!lines.is_array() || lines.size() > most_lines) refuse();
    Reply reply;
    reply.code = code.get<int>();
    std::size_t length = 0;
    for (const nlohmann::json& line : lines) {
        if (!line.is_string()) refuse();
        reply.lines.push_back(line.get<std::string>());
        length += reply.lines.back().size();
        const bool printable = std::all_of(reply.lines.back().begin(), reply.lines.back().end(), [](char c) {
            return static_cast<unsigned char>(c) >= ' ' && c != 0x7F;
        });
        if (!printable || length > longest_reply) refuse();
    }
    return reply;
}

/// Whether the state goes with what it says of the recipients.
bool coherent(const Record& record) {
    const bool handed_over = count(record, Standing::handed_over) > 0;
    if (handed_over != (record.phase == Phase::ending)) return false;
    if (!at_work(record) && record.phase != result_of(record)) return false;
    return count(record, Standing::open) == record.standings.size() || !record.body_digest.empty();
}

}  // namespace

std::string written(const Record& record) {
    std::string out;
    out.reserve(usual_record);
    const auto quote = [&out](std::string_view text) {
        const bool as_it_is = std::all_of(
            text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
        if (as_it_is) {
            out.append(1, '"').append(text).append(1, '"');
        } else {
            out += wfc::Component::quoted(text);
        }
    };
    out.append(R"({"format":)").append(std::to_string(format)).append(R"(,"state":")");
    for (const auto& [phase, name] : phases) {
        if (phase == record.phase) out += name;
    }
    out += R"(","recipients":")";
    for (const Standing standing : record.standings) out += static_cast<char>(standing);
    out.append(R"(","at":)").append(std::to_string(record.at_unix_ms));
    out.append(R"(,"first_at":)").append(std::to_string(record.first_at_unix_ms));
    out += R"(,"owner":)";
    quote(record.owner);
    out += R"(,"draft":)";
    quote(record.draft_digest);
    out += R"(,"body":)";
    quote(record.body_digest);
    out += R"(,"message_id":)";
    quote(record.message_id);
    if (record.reply) {
        out.append(R"(,"reply":{"code":)").append(std::to_string(record.reply->code)).append(R"(,"lines":[)");
        for (std::size_t i = 0; i < record.reply->lines.size(); ++i) {
            if (i > 0) out += ',';
            quote(record.reply->lines[i]);
        }
        out += "]}";
    }
    return out += '}';
}

Record read_record(std::string_view bytes) {
    try {
        const nlohmann::json json = wfc::parse_json(bytes, WFC_INVALID_INPUT, "record", {largest_record, 4});
        wfc::Fields fields(json, {}, WFC_INVALID_INPUT);
        const nlohmann::json& version = fields.require("format");
        if (version.is_number_unsigned() && version > format)
            throw std::invalid_argument("was written by a newer MailSend");
        if (version != format) refuse();
        Record record;
        record.phase = phase_in(fields.required_string("state"));
        record.standings = standings_in(fields.required_string("recipients"));
        record.at_unix_ms = moment(fields, "at");
        record.first_at_unix_ms = moment(fields, "first_at");
        record.owner = plain(fields, "owner");
        record.draft_digest = plain(fields, "draft");
        record.body_digest = plain(fields, "body");
        record.message_id = plain(fields, "message_id");
        if (const nlohmann::json* reply = fields.find("reply")) record.reply = reply_in(*reply);
        fields.done();
        if (record.owner.empty() || record.draft_digest.empty() || !coherent(record)) refuse();
        return record;
    } catch (const wfc::Problem&) {  // its sentence is for those who write documents
        refuse();
    } catch (const nlohmann::json::exception&) {
        refuse();
    }
}

}  // namespace mailsend::ledger
