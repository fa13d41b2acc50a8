/// Takes out of documents what does not belong into a ticket.
///
/// Guarantees: secrets (see secret_traces.hpp) become "[secret]", the user of every address "person-N" (see
/// people_names.hpp), the machine's name "[host]" and the path of a home "[home]"; also where they stand
/// escaped for JSON, for HTML, with % or with =, once or twice; a secret also where blanks or ends of lines
/// stand in it. What was secret overrules the rest. Content that was made known is "[content]", where a whole
/// line of it or its first 16 bytes stand. Words of the manifest and of `wfc` are not masked: that would tell
/// that they are secret. A text of more than 1 MiB is left out. Does not know what else may be private.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/content_lines.hpp"
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

    /// A name of a member: as a value it is masked where it is a secret, but not amid text. Before `secret`.
    void public_name(std::string_view name);
    /// A value that stands in a manifest: never masked where it is a whole value. Before `secret`.
    void public_value(std::string_view value);
    /// Texts of people, line by line, but not lone addresses; at most 4 MiB in 20 000 lines.
    void content(const nlohmann::json& document);
    void secret(std::string_view value) { traces_.add(value); }
    std::string text(std::string_view text);
    /// Every string of it, names of members included that are no plain words, and numbers of eight digits and
    /// more that are a secret.
    void document(nlohmann::ordered_json& document);
    /// Which of `lines`, that belong together, hold a part of a secret that goes over several of them.
    std::vector<bool> joined(const std::vector<std::string>& lines) const;
    /// Learns the addresses of the strings in a document: later ones, amid other text, are recognized better.
    void learn(const nlohmann::json& document);

  private:
    std::string masked(std::string_view text, bool machine);

    MachineNames names_;
    SecretTraces traces_{};
    ContentLines content_{};
    std::set<std::string, std::less<>> names_known_{}, values_known_{};
    PeopleNames people_{};
};

}  // namespace wfc
