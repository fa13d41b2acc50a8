// The templates that tests.hpp declares.
#include "tests.hpp"

template class std::basic_string<char>;
template class std::vector<std::string>;
template class std::vector<bool>;
template class std::map<std::string, std::string>;
template class testing::internal::MatcherBase<const std::string&>;
