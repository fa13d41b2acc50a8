#include "smtp/body_buffer.hpp"

#include <cstring>

#include "smtp/dot_stuffing.hpp"

namespace mailsend::smtp {
namespace {

constexpr std::string_view line_end = "\r\n";

}  // namespace

// At most every other octet is a dot that has to be doubled: what follows it ends its line. The pages for
// them are touched only then.
BodyBuffer::BodyBuffer(std::size_t octets)
    : most_(octets),
      capacity_(spare + octets + octets / 2 + 2 * line_end.size() + 4 + spare),
      data_(std::make_unique_for_overwrite<char[]>(capacity_)) {}

void BodyBuffer::start(Form form) noexcept {
    drop();
    form_ = form;
    at_line_start_ = true;
    ended_ = false;
}

void BodyBuffer::drop() noexcept {
    begin_ = body_begin_ = body_end_ = end_ = spare;
}

void BodyBuffer::took(std::size_t count) {
    if (count == 0) {
        ended_ = true;
        if (form_ == Form::plain && !at_line_start_) append(line_end);
        body_end_ = end_;
        return;
    }
    const std::size_t from = end_;
    end_ += count;
    const bool ends_line = data_[end_ - 1] == '\n';
    if (form_ == Form::dot_stuffed) stuff(from);
    at_line_start_ = ends_line;
    body_end_ = end_;
}

/// Doubles the dots behind `from`, beginning with the last, so that each octet moves once at most.
void BodyBuffer::stuff(std::size_t from) {
    const std::string_view taken(data_.get() + from, end_ - from);
    std::size_t at = next_leading_dot(taken, 0, at_line_start_);
    if (at == taken.size()) return;
    dots_.clear();
    for (; at < taken.size(); at = next_leading_dot(taken, at + 1, at_line_start_))
        dots_.push_back(static_cast<std::uint32_t>(at));
    std::size_t tail_end = end_;
    end_ += dots_.size();
    std::size_t to = end_;
    for (auto dot = dots_.rbegin(); dot != dots_.rend(); ++dot) {
        const std::size_t tail = from + *dot;
        to -= tail_end - tail;
        std::memmove(data_.get() + to, data_.get() + tail, tail_end - tail);
        data_[--to] = '.';
        tail_end = tail;
    }
}

void BodyBuffer::append(std::string_view octets) noexcept {
    std::memcpy(data_.get() + end_, octets.data(), octets.size());
    end_ += octets.size();
}

bool BodyBuffer::put_in_front(std::string_view commands) noexcept {
    if (commands.size() > begin_) return false;
    begin_ -= commands.size();
    std::memcpy(data_.get() + begin_, commands.data(), commands.size());
    return true;
}

void BodyBuffer::end_of_data() noexcept {
    append(end_of_data_behind(at_line_start_));
}

bool BodyBuffer::put_behind(std::string_view commands) noexcept {
    if (commands.size() > capacity_ - end_) return false;
    append(commands);
    return true;
}

}  // namespace mailsend::smtp
