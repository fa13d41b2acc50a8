// Every C++ header of the SDK as C++17 and with all warnings, each twice.
#include "wfc/author.hpp"
#include "wfc/duration.hpp"
#include "wfc/embedded.hpp"
#include "wfc/host.hpp"
#include "wfc/json.hpp"
#include "wfc/problem.hpp"
#include "wfc/secret.hpp"
#include "wfc/stream.hpp"
#include "wfc/view.hpp"

#if __cplusplus != 201703L
#error "this file is about C++17"
#endif
