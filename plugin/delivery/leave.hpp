/// The leave to have a connection open, for as long as this object lives.
#pragma once

namespace mailsend::delivery {

/// One thread at a time.
class Leave {
  public:
    virtual ~Leave() = default;
    /// To be called again and again while the connection is open; cheap.
    virtual void keep_alive() noexcept = 0;
};

}  // namespace mailsend::delivery
