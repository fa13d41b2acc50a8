/// Facts -> explanation: a pure function over the catalogue in manifests/errors.
///
/// Guarantees: never throws for any facts; unknown replies get a class by their code and still read well;
/// same facts, same answer. Trust order: provider text, then enhanced status, then basic code; a status whose
/// class contradicts the reply is ignored. On a machine that Hyperscan does not run on (x86-64 without SSSE3)
/// words of servers are not recognised, and conditions, statuses and codes alone decide. Does not know
/// sockets, settings or the result document. Any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "outcome/address_mask.hpp"
#include "outcome/explanation.hpp"
#include "outcome/result.hpp"

namespace mailsend {

/// Explains `facts` in `language`. What led to them counts for class and retry where it may pass by itself: a
/// token that was refused because its successor could not be fetched for the moment.
Diagnosis diagnose(const Facts& facts, Language language);

/// For whom a document is written.
struct Reader {
    explicit Reader(Language of, const AddressMask* hiding = nullptr) : language(of), hidden(hiding) {}

    Language language;
    const AddressMask* hidden;  ///< of third parties' addresses; null: all are shown
};

/// Facts with their diagnosis, ready for the document: credentials and hidden addresses are taken out first.
/// So are their cause and the cause of that, and no more.
Error explained(Facts facts, const Reader& reader);

/// The words called `name` in manifests/errors/catalogue.json, with `values` in their places (wording.hpp);
/// `name` itself where the catalogue has none.
std::string phrase(std::string_view name, const std::map<std::string, std::string>& values,
                   Language language);

/// Fills in the error of each attempt that has facts.
void explain(std::vector<Attempt>& attempts, const Reader& reader);

}  // namespace mailsend
