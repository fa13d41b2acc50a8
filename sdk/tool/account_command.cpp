#include "tool/account_command.hpp"

#include "tool/usage_texts.hpp"

namespace wfc::tool {

namespace {

/// A person reads a page, looks for a phone, types a password.
constexpr std::chrono::minutes patience{15};

}  // namespace

AccountCommand::AccountCommand(CLI::App& app)
    : actions_{{{"sign-in", "sign-in", "Sign in to the account of these settings"},
                {"sign-out", "sign-out", "Sign out, and let go of what the sign-in left"},
                {"status", "account-status", "Say how the account is, and what needs doing"}}} {
    CLI::App* account = app.add_subcommand("account", "Sign in to an account, sign out, see how it is");
    account->footer(account_footer);
    account->require_subcommand(1);
    for (Action& action : actions_) {
        action.app = account->add_subcommand(action.name, action.help);
        InvokeOptions& call = action.options.call;
        call.operation = action.operation;
        action.app->add_option("SETTINGS", call.settings, "JSON document with the settings of the account")
            ->required();
        action.app->add_option("--type", call.type,
                               "The component (default: the only one that has such an operation)");
        action.app
            ->add_option("--language", call.language,
                         "Language of report and questions, as en or ja (default: from LANG)")
            ->type_name("LANG");
        action.parts.emplace(*action.app, call, "the folder of the settings",
                             call.operation == "sign-in" ? "15m" : "the component's own limit");
    }
}

void AccountCommand::read() {
    for (Action& action : actions_) {
        if (!action.app->parsed()) continue;
        action.parts->read();
        std::optional<std::chrono::milliseconds>& timeout = action.options.call.timeout;
        if (!timeout && action.options.call.operation == "sign-in") timeout = patience;
    }
}

std::optional<AccountOptions> AccountCommand::asked() const {
    for (const Action& action : actions_) {
        if (action.app->parsed()) return action.options;
    }
    return std::nullopt;
}

}  // namespace wfc::tool
