#include "host/state_store.hpp"
namespace wfc {
struct StateStore::Parts {};
StateStore::StateStore(const std::filesystem::path&) {}
StateStore::~StateStore() = default;
StateView::StateView(StateStore& store, std::string scope)
    : store_(store), scope_(std::move(scope)), table_{} {
    (void)store_;
}
}  // namespace wfc
