#include "operations/problem_facts.hpp"

#include "ledger/claim.hpp"
#include "operations/account_secret.hpp"
#include "operations/account_trust.hpp"

namespace mailsend {

Facts facts_of(const wfc::Problem& problem) {
    Facts facts;
    facts.pointer = problem.pointer();
    facts.sentence = problem.what();
    facts.details["pointer"] = facts.pointer;
    const bool settings = problem.status() == WFC_INVALID_SETTINGS;
    facts.stage = settings ? Stage::settings : Stage::input;
    facts.condition = settings ? "settings.invalid" : "input.invalid";
    if (dynamic_cast<const MissingSecret*>(&problem) != nullptr) facts.condition = "secret.missing";
    if (dynamic_cast<const ledger::KeyReused*>(&problem) != nullptr) facts.condition = "ledger.key_reused";
    if (dynamic_cast<const UnusableCaFile*>(&problem) != nullptr) facts.condition = "tls.ca_file";
    return facts;
}

}  // namespace mailsend
