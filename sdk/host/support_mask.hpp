/// Takes out of documents what does not belong into a ticket.
///
/// Guarantees: secrets (see secret_traces.hpp) become "[secret]", the user of every address "person-N" (see
/// people_names.hpp), the machine's name "[host]" and the path of a home "[home]"; also where they stand
/// escaped for JSON, with % or with =, once or twice. What was secret overrules the rest. A text of more than
/// 1 MiB is left out. Does not know what else may be private: what people wrote is the caller's to leave out.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "host/people_names.hpp"
#include "host/secret_traces.hpp"

namespace wfc {

/// What must not be told of the machine. Names shorter than three bytes are not looked for.
struct MachineNames {
    std::vector<std::string> hosts{};  ///< whole words, whatever their case
    std::vector<std::string> homes{};  ///< absolute paths

    /// Of this machine and the user of this process.
    static MachineNames here();
};

/// One thread at a time.
class SupportMask {
  public:
    explicit SupportMask(MachineNames names);

    void secret(std::string_view value) { traces_.add(value); }
    std::string text(std::string_view text);
    /// Every string of it, names of members included, and numbers that are a secret.
    void document(nlohmann::ordered_json& document);
    /// Learns the addresses of the strings in a document: later ones, amid other text, are recognized better.
    void learn(const nlohmann::json& document);

  private:
    std::string masked(std::string_view text, bool machine);

    MachineNames names_;
    SecretTraces traces_{};
    PeopleNames people_{};
};

}  // namespace wfc
