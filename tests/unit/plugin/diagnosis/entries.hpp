/// The entries of the catalogue, for tests that look at all of them.
#pragma once

#include <vector>

#include "diagnosis/catalogue.hpp"

namespace mailsend::diagnosis {

inline std::vector<Entry> all_entries(const Catalogue& catalogue = Catalogue::embedded()) {
    std::vector<Entry> out;
    for (std::size_t i = 0; i < catalogue.size(); ++i) out.push_back(catalogue.entry(i));
    return out;
}

}  // namespace mailsend::diagnosis
