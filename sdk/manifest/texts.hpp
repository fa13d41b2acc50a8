/// The texts of a component: one flat file of key → sentence per language. Schemas hold none.
///
/// A key is made from where the text is shown: `component`, `operations/send`, `ports/accepted`,
/// `groups/server`, and for members of a schema file its name and the path of members:
/// `settings/auth/method`, `send.input/attachments/path`. A choice's words are `KEY.enum.WORD`. Beside any
/// key may stand `KEY.help` and `KEY.placeholder`. Of results with the view "account" there may be labels of
/// members, `account/MEMBER`, and words of their values, `account/MEMBER.enum.WORD`; of those with the view
/// "report" the names of stages, `report/stage.WORD`, and of who must act, `report/actor.WORD`. What an
/// engine calls the component's node and its account, where that is shorter than `component`, is `node` and
/// `account`; of an option that only one engine has, the text is `node/OPTION`.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace wfc {

struct Manifest;

using Texts = std::map<std::string, std::string>;

/// Reads a catalogue. Throws Refused for anything but an object of strings that are not empty; `name` names
/// it in the sentence.
Texts read_texts(std::string_view json, std::string_view name);

/// What the keys of a schema's members begin with: "send.input" of "schemas/send.input.schema.json".
std::string text_prefix(std::string_view path);

/// The keys of a schema's members, in the schema's order of names. Members of a free map, of a list of
/// alternatives and of a secret have none.
std::vector<std::string> text_keys(const nlohmann::json& schema, std::string_view prefix);

/// All keys that a component's panel shows: itself, operations, ports, groups, settings and input. Throws
/// Refused for a schema that cannot be read.
std::vector<std::string> text_keys(const Manifest& manifest);

/// What a catalogue lacks of `keys`, and what it holds that nothing shows, a sentence each.
std::vector<std::string> check_texts(const std::vector<std::string>& keys, const Texts& texts,
                                     std::string_view language);

/// Keys that one language has and the other has not, a sentence each; `.help` and `.placeholder` too.
std::vector<std::string> check_parity(const Texts& texts, std::string_view language, const Texts& others,
                                      std::string_view other_language);

}  // namespace wfc
