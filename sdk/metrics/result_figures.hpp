/// The numbers of a result document, by the names of members that mean the same for every component.
///
/// Guarantees: bounded (4 MiB, 64 levels, 1,000 attempts, 64 names of each kind); a number that is negative,
/// no number or larger than it can be counts as not there. What the document says otherwise is not read.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace wfc::metrics {

struct ResultFigures {
    std::string outcome = "failed";          ///< as it stands there: not a trusted name
    std::string error_id{}, error_class{};   ///< of `error`; empty where there is none
    bool duplicate = false;                  ///< nothing was done, for it had been done before
    std::map<std::string, double> waited{};  ///< seconds, by the members of `timing_ms` but "total"

    // Of all `attempts` together.
    std::array<std::array<std::size_t, 2>, 2> attempts{};  ///< [connection was reused][ended in an error]
    std::map<std::string, double> stages{};  ///< seconds, by the members of each `timing_ms` but "total"
    double bytes_sent = 0, bytes_received = 0;
};

/// Of a document that is none, or too large: those of one without members. Throws std::bad_alloc.
ResultFigures read_figures(std::string_view document);

}  // namespace wfc::metrics
