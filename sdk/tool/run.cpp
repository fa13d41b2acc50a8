#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "flow/runner.hpp"
#include "host/home.hpp"
#include "tool/commands.hpp"
#include "tool/documents.hpp"
#include "tool/passphrase.hpp"
#include "tool/run_lines.hpp"
#include "tool/run_metrics.hpp"
#include "tool/run_steps.hpp"
#include "tool/signal_count.hpp"
#include "tool/silent_terminal.hpp"
#include "tool/stop.hpp"
#include "wfc/json.hpp"

namespace wfc::tool {

namespace {

std::vector<flow::Flow> read_flows(const RunOptions& options) {
    std::vector<flow::Flow> flows;
    for (const std::filesystem::path& file : options.flows) {
        const std::string text = read_document(file, false);
        try {
            flows.push_back(flow::parse_flow(file, text));
        } catch (const flow::FlowInvalid& fault) {
            throw Stop(exit_invalid_settings, fault.what());
        }
        for (std::size_t i = 0; i + 1 < flows.size(); ++i) {
            if (flows[i].id != flows.back().id) continue;
            throw Stop(exit_invalid_settings, flows[i].file.string() + " and " + flows.back().file.string() +
                                                  " have the same id, \"" + flows[i].id +
                                                  "\"; give each flow its own");
        }
    }
    return flows;
}

std::string read_payload(const std::filesystem::path& file) {
    if (file.empty()) return {};
    std::string text = read_document(file, true);
    try {
        parse_json(text, WFC_INVALID_INPUT, "payload");
    } catch (const Problem& problem) {
        throw Stop(exit_invalid_input, "--payload " + file.string() + ": " + problem.what());
    }
    return text;
}

/// What is kept between runs, and that this process lives.
struct Memory {
    explicit Memory(const std::filesystem::path& home)
        : state(home / "state.sqlite"),
          journal(home / "state.sqlite", journal_patience),
          records(journal, home / "state.sqlite"),
          presence(home / "run.lock") {}
    // A component that writes much must not be able to starve the journal: that one waits longer.
    static constexpr std::chrono::seconds journal_patience{20};
    StateStore state, journal;
    flow::StateRecords records;
    flow::Presence presence;
};

std::unique_ptr<Memory> open_memory() try {
    return std::make_unique<Memory>(home_directory());
} catch (const HomeUnusable& fault) {
    throw Stop(exit_unreadable, fault.what());
} catch (const StateUnusable& fault) {
    throw Stop(exit_unreadable, fault.what());
} catch (const std::system_error& fault) {
    throw Stop(exit_unreadable, fault.what());
}

/// One after the other; the code of the first that did not go well.
int run_once(const std::vector<flow::Flow>& flows, const flow::Surroundings& around,
             const std::string& payload) {
    int code = exit_ok;
    for (const flow::Flow& flow : flows) {
        try {
            const flow::Runner::Once once = flow::Runner(flow, around, payload).once();
            int own = once.end.ran ? once.end.code : exit_cancelled;
            if (once.end.stopped && own == exit_ok) own = exit_cancelled;  // steps are left
            if (code == exit_ok) code = own;
        } catch (const flow::JournalUnusable& fault) {
            throw Stop(exit_unreadable, fault.what());
        }
    }
    return code;
}

/// A thread for each flow, until all have stopped. A defect in one stops all: a flow that silently runs no
/// more would be worse.
bool run_all(const std::vector<flow::Flow>& flows, const flow::Surroundings& around, flow::SystemClock& clock,
             const std::string& payload) {
    std::atomic<bool> sound{true};
    std::vector<std::thread> threads;
    const auto end_all = [&around, &clock, &sound](const flow::Flow& flow, const std::string& why) {
        flow::Event event{flow::Event::Kind::trouble, flow.id};
        event.message = why;
        around.events.happened(event);
        sound = false;
        clock.stop();
    };
    for (const flow::Flow& flow : flows) {
        try {
            threads.emplace_back([&flow, &around, &payload, &end_all] {
                try {
                    flow::Runner(flow, around, payload).run();
                } catch (const std::exception& defect) {
                    end_all(flow, std::string("stopped by a defect: ") + defect.what());
                }
            });
        } catch (const std::system_error& fault) {
            end_all(flow, std::string("there is no thread for it, so all flows stop: ") + fault.what());
            break;
        }
    }
    for (std::thread& thread : threads) thread.join();
    return sound;
}

/// Where the metrics are, and who else may read them.
void tell_of(const RunMetrics& metrics, RunLines& lines, LogWriter& log) {
    constexpr std::int32_t warning = 3;
    const metrics::ListenAddress& address = metrics.endpoint().address();
    if (!address.loopback()) {
        const std::string sentence = "everyone who reaches " + address.text() +
                                     " can read the metrics; they are neither encrypted nor protected";
        log.notice(warning, "warning: " + sentence, sentence);
    }
    lines.metrics(metrics.endpoint().url());  // last: whoever reads where they are has been warned
}

}  // namespace

int run(const RunOptions& options, SecretStore& secrets) {
    LogWriter log(options.json ? LogFormat::json : LogFormat::text, options.verbose ? 0 : 3);
    RunLines lines(options.json);
    flow::SystemClock clock;
    std::atomic<bool> cancelled{false}, stopping{false}, started{false};
    // Before other threads, and before anything that may wait.
    const SignalCount signals([&](int count, int number) {
        if (!started) {
            restore_terminal();
            _exit(exit_cancelled);
        }
        if (count == 1) {
            clock.stop();
            stopping = true;
            lines.process("stopping",
                          "stopping: a running step is finished first; a second signal cancels it");
        } else if (count == 2) {
            cancelled = true;
            lines.process("cancelling", "cancelling the running step");
        } else {
            log.end_progress();
            _exit(128 + number);
        }
    });
    const std::vector<flow::Flow> flows = read_flows(options);
    const std::string payload = read_payload(options.payload);
    const std::unique_ptr<Memory> memory = open_memory();
    std::optional<RunMetrics> metrics;
    ComponentSteps steps(options, log, secrets, memory->state, cancelled, stopping);
    for (const flow::Flow& flow : flows) {
        steps.know(flow);
        lines.know(flow);
    }
    if (!options.metrics.empty()) {
        metrics.emplace(options.metrics, lines);
        for (const flow::Flow& flow : flows) metrics->know(flow);
        steps.count_with(metrics->counters());
        tell_of(*metrics, lines, log);
    }
    for (const flow::Flow& flow : flows) unlock_for(secrets, steps.secrets_of(flow));
    started = true;
    if (!options.once) {
        for (const flow::Flow& flow : flows) steps.rehearse(flow);
    }
    const flow::Surroundings around{clock, memory->records, memory->presence, steps,
                                    metrics ? static_cast<flow::Events&>(*metrics) : lines};
    int code = exit_ok;
    if (options.once) {
        code = run_once(flows, around, payload);
    } else if (!run_all(flows, around, clock, payload)) {
        code = exit_internal;
    } else if (cancelled) {
        code = exit_cancelled;
    }
    lines.process("ended", "ended", code);
    return code;
}

}  // namespace wfc::tool
