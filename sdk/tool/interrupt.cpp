#include "tool/interrupt.hpp"

#include <unistd.h>

namespace wfc::tool {

InterruptWatch::InterruptWatch(std::atomic<bool>& cancelled, std::function<void()> first,
                               std::function<void()> last)
    : signals_([&cancelled, first = std::move(first), last = std::move(last)](int count, int number) {
          if (count == 1) {
              cancelled = true;
              first();
          } else {
              last();
              _exit(128 + number);
          }
      }) {}

}  // namespace wfc::tool
