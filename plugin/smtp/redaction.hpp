/// Takes secrets out of what a server says.
///
/// Guarantees: every run of eight or more octets that a text shares with a secret is blotted out, also where
/// the server cut the secret off, and every secret of four to seven octets where it stands whole. Time grows
/// with (text + secrets) · log(secrets), whatever either holds; a text without a piece of a secret costs a
/// nanosecond or two an octet, and no memory. Does not see through an encoding: give it each form that the
/// server saw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailsend::smtp {

/// Wipes its own copies when it ends. The secrets are borrowed. Any number of threads.
class Redaction {
  public:
    static constexpr std::size_t run = 8;       ///< octets in common that are no accident
    static constexpr std::size_t shortest = 4;  ///< less would blot out words that only look alike

    explicit Redaction(std::span<const std::string_view> secrets);
    ~Redaction();
    Redaction(const Redaction&) = delete;
    Redaction& operator=(const Redaction&) = delete;

    /// Whether applied() would change `text`.
    bool finds_in(std::string_view text, std::size_t kept = 0) const noexcept;
    /// `text` with "****" in place of each piece of a secret; the first `kept` octets stay as they are.
    std::string applied(std::string_view text, std::size_t kept = 0) const;

  private:
    void note_beginning(const char* octets) noexcept;
    bool may_begin_at(const char* octets) const noexcept;
    std::size_t match_at(std::string_view rest) const noexcept;
    std::size_t first_match(std::string_view text, std::size_t from) const noexcept;

    std::vector<std::string_view> short_secrets_;
    std::unique_ptr<std::uint64_t[]> runs_;  ///< every run of eight octets in a secret, sorted
    std::size_t run_count_ = 0;
    /// A bit for each beginning of a run or short secret, by its first four octets; others may share it. What
    /// is not marked is looked at no further.
    std::unique_ptr<std::uint64_t[]> beginnings_;
    unsigned beginnings_log2_ = 0;  ///< how many bits
};

}  // namespace mailsend::smtp
