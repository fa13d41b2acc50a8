#include "actions.hpp"

#include <algorithm>
#include <charconv>

namespace inbox {
namespace {

constexpr auto forever = std::chrono::hours(1);

bool is_answer(Act act) noexcept {
    return act == Act::reply || act == Act::bytes || act == Act::flood;
}
bool is_end(Act act) noexcept {
    return act == Act::silence || act == Act::cut || act == Act::reset;
}

int code_of(std::string_view reply) {
    int code = 0;
    std::from_chars(reply.data(), reply.data() + std::min<std::size_t>(3, reply.size()), code);
    return code;
}

class Play {
  public:
    explicit Play(Wire& wire) : wire_(wire) {}

    bool send(std::string_view bytes) {
        if (drip_.count() == 0) return wire_.send(bytes);
        for (const char byte : bytes) {
            if (!wire_.send({&byte, 1}) || !wire_.pause(drip_)) return false;
        }
        return true;
    }

    /// False when the connection is over.
    bool act(const Action& action) {
        switch (action.act) {
            case Act::reply:
                said_.code = action.code;
                return send(render_reply(action.code, action.text));
            case Act::bytes:
                return send(action.text);
            case Act::flood:
                return flood(action.count);
            case Act::delay:
                return wire_.pause(action.time);
            case Act::drip:
                drip_ = action.time;
                return true;
            case Act::close_after:
                close_after_ = true;
                return true;
            case Act::silence:
                wire_.pause(forever, true);
                return false;
            case Act::cut:
                wire_.cut();
                return false;
            case Act::reset:
                wire_.reset();
                return false;
        }
        return false;
    }

    Said run(const Rule& rule, std::string_view usual) {
        bool answered = false;
        for (const Action& action : rule.actions) {
            answered = answered || is_answer(action.act) || is_end(action.act);
            if (!act(action)) return {said_.code, false};
        }
        if (!answered) {
            said_.code = code_of(usual);
            said_.open = send(usual);
        }
        if (close_after_ && said_.open) {
            wire_.close();
            said_.open = false;
        }
        return said_;
    }

  private:
    bool flood(std::size_t count) {
        std::string lines;
        for (int i = 0; i < 100; ++i) lines += "250-there is more\r\n";
        const std::size_t line = lines.size() / 100;
        for (std::size_t sent = 0; count == 0 || sent < count; sent += 100) {
            const std::size_t now = count == 0 ? 100 : std::min<std::size_t>(100, count - sent);
            if (!send(std::string_view(lines).substr(0, now * line))) return false;
        }
        return true;
    }

    Wire& wire_;
    Said said_;
    milliseconds drip_{0};
    bool close_after_ = false;
};

}  // namespace

int planned_code(const Rule* rule, int usual) noexcept {
    if (rule == nullptr) return usual;
    int code = usual;
    for (const Action& action : rule->actions) {
        if (action.act == Act::reply) {
            code = action.code;
        } else if (is_answer(action.act) || is_end(action.act)) {
            code = 0;
        }
    }
    return code;
}

Said play(Wire& wire, const Rule* rule, std::string_view usual) {
    if (rule == nullptr) return {code_of(usual), wire.send(usual)};
    return Play(wire).run(*rule, usual);
}

}  // namespace inbox
