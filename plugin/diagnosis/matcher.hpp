/// Facts -> the entry of the catalogue that explains them.
///
/// Guarantees: pure; linear in the facts' texts; only entries that the condition or the reply's code lets
/// come into question are looked at. The first one that agrees in all it demands counts, in the catalogue's
/// order; the last entry stands for what nothing knows. Does not know texts or advice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "diagnosis/catalogue.hpp"
#include "outcome/failure.hpp"

namespace mailsend::diagnosis {

/// Facts in the form in which they are compared; what is looked at is prepared once. Both given things are
/// borrowed. One thread.
class Evidence {
  public:
    Evidence(const Facts& facts, const Catalogue& catalogue);

    /// The number of the entry that explains the facts.
    std::size_t entry();
    /// Whose server it is, a bit per provider; 0 when nobody knows. The words it adds to its replies count
    /// most, then its greeting, the name it gives itself, and at last what the settings say.
    std::uint32_t providers();
    /// Of the reply; nothing when its class contradicts the code.
    const std::optional<EnhancedStatus>& status() const noexcept { return status_; }
    /// The reply's words on one line, bounded, with addresses made unreadable; empty when no server spoke.
    const std::string& text() const noexcept { return text_; }

  private:
    /// A detail by its number in the catalogue.
    struct Detail {
        const std::string* value = nullptr;
        std::optional<Shown> shown;
    };

    bool agrees(const layout::Entry& entry);
    bool agrees_in_code(const layout::Entry& entry) const;
    bool agrees_in_status(const layout::Entry& entry) const;
    bool agrees_in_details(const layout::Entry& entry);
    bool agrees(layout::DetailCondition condition);
    bool text_shows(std::uint16_t expression);

    const Facts& facts_;
    const Catalogue& catalogue_;
    int code_ = 0;
    std::optional<EnhancedStatus> status_;
    std::string text_;
    std::optional<Shown> text_shown_;
    std::vector<Detail> details_;
    std::optional<std::uint32_t> providers_;
};

}  // namespace mailsend::diagnosis
