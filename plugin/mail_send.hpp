/// The component `mail-send`: settings in, operations dispatched, every problem explained.
#pragma once

#include <memory>
#include <string>

#include "operations/account.hpp"
#include "outcome/vocabulary.hpp"
#include "wfc/author.hpp"

namespace mailsend {

/// `invoke` may run on many threads at once; `configure` and `quiesce` alone.
class MailSend final : public wfc::Component {
  public:
    explicit MailSend(const wfc_host* host) noexcept : host_(host) {}

    void configure(std::string_view settings_json) override;
    wfc_status invoke(wfc::Call& call) override;
    void quiesce() override;
    std::string document(const wfc::Problem& problem) const override;

  private:
    wfc::Host host_;
    std::shared_ptr<const Account> account_;
    /// Language of the last settings that were offered, also when they were refused.
    Language language_ = Language::en;
};

}  // namespace mailsend
