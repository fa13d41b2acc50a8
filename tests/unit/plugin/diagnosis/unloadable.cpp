// What a component does with diagnosis: one call from a library that is unloaded afterwards.
#include "diagnosis/diagnosis.hpp"

extern "C" __attribute__((visibility("default"))) int diagnose_once() {
    mailsend::Facts facts;
    facts.stage = mailsend::Stage::auth;
    facts.reply = mailsend::Reply{535, {"535 5.7.8 no"}};
    return mailsend::diagnose(facts, mailsend::Language::ja).id == "generic.auth.failed" ? 1 : 0;
}
