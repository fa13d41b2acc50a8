// Tries out every cell of the fault matrix and compares the table with the expected one.
//
//     fault_matrix --components DIR --expected FILE [--write] [--only TEXT] [--threads N]
//
// Ends with 1 when an outcome is wrong, whatever the table says, or a row is not as expected, and shows both
// rows. A row that differs is tried out a second time with longer time-outs, so that a busy machine is not
// mistaken for a fault of MailSend; a message that was sent twice or lost counts at once. --write replaces
// the expected table; --only takes the cells whose name ("tls/dot/cut") holds the text, and prints their
// rows.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "faults/row.hpp"
#include "inbox/certificates.hpp"

namespace {

using std::chrono::milliseconds;

constexpr milliseconds short_time_out{1000}, patient_time_out{4000};

struct Options {
    std::string components, expected, only;
    bool write = false;
    unsigned threads = 64;  // nearly all of them wait
};

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--write") {
            options.write = true;
            continue;
        }
        if (i + 1 == argc) throw std::runtime_error(name + " needs a value");
        const std::string value = argv[++i];
        if (name == "--components") {
            options.components = value;
        } else if (name == "--expected") {
            options.expected = value;
        } else if (name == "--only") {
            options.only = value;
        } else if (name == "--threads") {
            options.threads = static_cast<unsigned>(std::stoul(value));
        } else {
            throw std::runtime_error("unknown option " + name);
        }
    }
    if (options.components.empty() || options.expected.empty())
        throw std::runtime_error("--components DIR and --expected FILE are needed");
    if (options.write && !options.only.empty())
        throw std::runtime_error("--write needs all cells, so --only cannot stand beside it");
    return options;
}

/// A server's identity for all trials.
struct Identity {
    inbox::Authority authority;
    inbox::Certificate certificate = authority.issue({"127.0.0.1"});
    inbox::ServerTls tls{certificate.certificate_pem, certificate.key_pem};
};

/// Rows of `cells`, in their order. Throws std::runtime_error where one cannot be tried out.
std::vector<faults::Row> try_all(const std::vector<faults::Cell>& cells, const faults::Surroundings& with,
                                 unsigned threads) {
    std::vector<std::optional<faults::Row>> rows(cells.size());
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::string defect;
    std::vector<std::thread> running;
    for (unsigned i = 0; i < std::min<std::size_t>(threads, cells.size()); ++i) {
        running.emplace_back([&] {
            for (std::size_t at = next++; at < cells.size(); at = next++) {
                try {
                    rows[at] = faults::try_row(cells[at], with);
                } catch (const std::exception& error) {
                    const std::lock_guard lock(mutex);
                    defect = cells[at].name() + ": " + error.what();
                }
            }
        });
    }
    for (std::thread& thread : running) thread.join();
    if (!defect.empty()) throw std::runtime_error(defect);
    std::vector<faults::Row> all;
    for (std::optional<faults::Row>& row : rows) all.push_back(std::move(*row));
    return all;
}

/// The rows of a table by their first three columns.
std::map<std::string, std::string> rows_of(std::istream& table) {
    std::map<std::string, std::string> rows;
    for (std::string line; std::getline(table, line);) {
        std::size_t end = 0;
        for (int column = 0; column < 3 && end != line.npos; ++column) end = line.find(" | ", end + 1);
        if (end != line.npos && line.starts_with("| ")) rows[line.substr(0, end)] = line;
    }
    rows.erase("| protection | stage | fault");
    return rows;
}

std::string key_of(const faults::Cell& cell) {
    return "| " + std::string(to_string(cell.protection)) + " | " + std::string(to_string(cell.stage)) +
           " | " + std::string(to_string(cell.fault));
}

using Check = std::vector<std::string> (*)(const faults::Row&);

int complain(const std::vector<faults::Row>& rows, Check check) {
    int count = 0;
    for (const faults::Row& row : rows) {
        for (const std::string& sentence : check(row)) {
            std::printf("WRONG  %s\n", sentence.c_str());
            ++count;
        }
    }
    return count;
}

std::vector<faults::Cell> differing(const std::vector<faults::Row>& rows, const faults::Surroundings& with,
                                    const std::map<std::string, std::string>& expected, bool show) {
    std::vector<faults::Cell> cells;
    for (const faults::Row& row : rows) {
        const auto found = expected.find(key_of(row.cell));
        const std::string wanted = found == expected.end() ? "(no such row)" : found->second;
        const std::string got = to_text(row, with);
        if (got == wanted) continue;
        cells.push_back(row.cell);
        if (show) std::printf("expected  %s\n     got  %s\n", wanted.c_str(), got.c_str());
    }
    return cells;
}

int run(const Options& options) {
    const Identity identity;
    faults::Surroundings with{options.components, identity.tls, identity.authority.certificate_pem(),
                              short_time_out};
    std::vector<faults::Cell> cells = faults::all_cells();
    const std::size_t all = cells.size();
    std::erase_if(
        cells, [&](const faults::Cell& cell) { return cell.name().find(options.only) == std::string::npos; });
    const auto begun = std::chrono::steady_clock::now();
    std::vector<faults::Row> rows = try_all(cells, with, options.threads);
    int wrong = complain(rows, faults::broken_promises);
    if (options.write) {
        std::ofstream file(options.expected);
        file << faults::head_of_table();
        for (const faults::Row& row : rows) file << to_text(row, with) << "\n";
        return wrong + complain(rows, faults::wrong_outcomes) == 0 ? 0 : 1;
    }
    if (!options.only.empty()) {
        for (const faults::Row& row : rows) std::printf("%s\n", to_text(row, with).c_str());
    }
    std::ifstream file(options.expected);
    const auto expected = rows_of(file);
    const std::vector<faults::Cell> doubtful = differing(rows, with, expected, false);
    std::erase_if(rows, [&](const faults::Row& row) {
        return std::any_of(doubtful.begin(), doubtful.end(),
                           [&](const faults::Cell& cell) { return cell.name() == row.cell.name(); });
    });
    wrong += complain(rows, faults::wrong_outcomes);
    std::size_t others = 0;
    if (!doubtful.empty()) {
        std::printf("%zu rows differ; they are tried out again with longer time-outs\n", doubtful.size());
        with.time_out = patient_time_out;
        rows = try_all(doubtful, with, options.threads);
        wrong += complain(rows, faults::broken_promises) + complain(rows, faults::wrong_outcomes);
        others = differing(rows, with, expected, true).size();
    }
    const bool stale = cells.size() == all && expected.size() != all;
    if (stale) std::printf("the expected table has %zu rows, there are %zu cells\n", expected.size(), all);
    std::printf("%zu cells, %zu not as expected, %d wrong outcomes, %.1f s\n", cells.size(), others, wrong,
                std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    return wrong == 0 && others == 0 && !stale ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try { return run(parse(argc, argv)); } catch (const std::exception& error) {
    std::fprintf(stderr, "fault_matrix: %s\n", error.what());
    return 2;
}
