#include "panel/option_table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "manifest/options.hpp"
#include "manifest/refused.hpp"
#include "panel/field_table.hpp"
#include "wfc/problem.hpp"

namespace wfc::panel {

using Json = nlohmann::ordered_json;

namespace {

struct Path {
    std::string member, inner;  ///< `inner` is empty where the member itself is meant
};

Path path_of(const std::string& text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos) return {text, {}};
    return {text.substr(0, slash), text.substr(slash + 1)};
}

/// What stands at the path; of a list its first item. Null: nothing.
Json at(const Json& row, const Path& path) {
    const auto found = row.find(path.member);
    if (found == row.end()) return {};
    const Json& member =
        found->is_array() && !path.inner.empty() && !found->empty() ? found->front() : *found;
    if (path.inner.empty()) return member;
    return member.is_object() ? member.value(path.inner, Json()) : Json();
}

class Table {
  public:
    Table(const Json& document, const std::set<std::string>& taken)
        : shows_(document.value("shows", Json::object())),
          offers_(document.value("offers", Json::object())),
          hints_(document.value("hints", Json::object())),
          taken_(taken) {}

    Json choice(const Json& row) const {
        Json out{{"id", row["id"]}};
        if (row.contains("name")) out["name"] = row["name"];
        if (row.contains("group")) out["group"] = row["group"];
        Json defaults = Json::object();
        Json offers = Json::object();
        for (const auto& [pointer, member] : offers_.items()) {
            const Path path = path_of(member);
            if (!row.contains(path.member)) continue;
            offers[name(pointer)] = offered(row, pointer, path);
            if (const Json usual = usual_of(row, path.member); !usual.is_null())
                defaults[name(pointer)] = usual;
        }
        Json shows = Json::object();
        for (const auto& [pointer, member] : shows_.items()) {
            Json value = at(row, path_of(member));
            if (value.is_string()) value = filled(row, pointer, member, value, {}, {});
            if (!value.is_null()) shows[name(pointer)] = value;
        }
        put(out, "shows", std::move(shows));
        put(out, "offers", std::move(offers));
        put(out, "defaults", std::move(defaults));
        Json fills = Json::object();
        const Json writes = row.value("writes", Json::object());
        for (const auto& [pointer, value] : writes.items()) fills[name(pointer)] = value;
        put(out, "fills", std::move(fills));
        Json locks = Json::array();
        const Json locked = row.value("locks", Json::array());
        for (const Json& pointer : locked) locks.push_back(name(pointer.get<std::string>()));
        put(out, "locks", std::move(locks));
        Json hints = Json::object();
        for (const auto& [pointer, member] : hints_.items()) {
            const Json text = at(row, path_of(member));
            if (text.is_object()) hints[name(pointer)] = text;
        }
        put(out, "hints", std::move(hints));
        return out;
    }

    Json offering() const {
        Json out = Json::array();
        for (const auto& [pointer, member] : offers_.items()) out.push_back(name(pointer));
        return out;
    }

  private:
    std::string name(const std::string& pointer) const { return field_name(pointer, "settings", taken_); }

    static void put(Json& out, const char* member, Json value) {
        if (!value.empty()) out[member] = std::move(value);
    }

    /// The row's `default_X` where the member is `Xs`.
    static Json usual_of(const Json& row, const std::string& member) {
        if (member.empty() || member.back() != 's') return {};
        return row.value("default_" + member.substr(0, member.size() - 1), Json());
    }

    Json offered(const Json& row, const std::string& pointer, const Path& path) const {
        const Json& list = row[path.member];
        if (!list.is_array()) return true;
        Json out = Json::array();
        for (const Json& item : list) {
            if (!item.is_object()) {
                out.push_back({{"id", item}});
                continue;
            }
            const Json& id = item.at(path.inner.empty() ? "id" : path.inner);
            Json one{{"id", id.is_string() ? id : Json(id.dump())}};
            if (item.contains("name")) one["name"] = item["name"];
            put(one, "shows", shown_with(row, pointer, path.member, item));
            out.push_back(std::move(one));
        }
        return out;
    }

    /// Whether the text at `pointer` holds "{x}" for the neighbour `chosen`.
    static bool mentions(const std::string& text, const std::string& pointer, const std::string& chosen) {
        const std::size_t parent = pointer.rfind('/') + 1;
        return chosen.compare(0, parent, pointer, 0, parent) == 0 &&
               text.find("{" + chosen.substr(parent) + "}") != std::string::npos;
    }

    /// What is displayed elsewhere when `item` of the list is chosen.
    Json shown_with(const Json& row, const std::string& chosen, const std::string& list,
                    const Json& item) const {
        Json out = Json::object();
        for (const auto& [pointer, member] : shows_.items()) {
            const Path path = path_of(member);
            if (path.member == list && !path.inner.empty()) {
                out[name(pointer)] = item.value(path.inner, Json());
            } else if (const Json text = at(row, path); text.is_string() && mentions(text, pointer, chosen)) {
                out[name(pointer)] = filled(row, pointer, member, text, chosen, item);
            }
        }
        return out;
    }

    /// `text` with each "{x}" replaced: by what `item` (or the row's usual item) puts there, else by
    /// "{field}".
    std::string filled(const Json& row, const std::string& pointer, const std::string& member,
                       const std::string& text, const std::string& chosen, const Json& item) const {
        std::string out;
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t end = text[i] == '{' ? text.find('}', i) : std::string::npos;
            if (end == std::string::npos) {
                out += text[i++];
                continue;
            }
            const std::string neighbour =
                pointer.substr(0, pointer.rfind('/') + 1) + text.substr(i + 1, end - i - 1);
            const Json source = neighbour == chosen ? item : usual_item(row, neighbour);
            out += source.is_object() ? source.value(member, source.value("id", std::string()))
                                      : "{" + name(neighbour) + "}";
            i = end + 1;
        }
        return out;
    }

    Json usual_item(const Json& row, const std::string& pointer) const {
        if (!offers_.contains(pointer)) return {};
        const Path path = path_of(offers_[pointer]);
        const Json usual = usual_of(row, path.member);
        for (const Json& item : row.value(path.member, Json::array())) {
            if (!usual.is_null() && item.is_object() && item.value("id", Json()) == usual) return item;
        }
        return {};
    }

    Json shows_, offers_, hints_;
    const std::set<std::string>& taken_;
};

}  // namespace

Json option_table(std::string_view document, std::string_view file, const std::set<std::string>& taken) {
    read_options(document, file);  // refuses what is none
    const Json parsed = Json::parse(document);
    try {
        const Table table(parsed, taken);
        Json choices = Json::array();
        for (const auto& [member, rows] : parsed.items()) {
            if (!rows.is_array()) continue;
            for (const Json& row : rows) choices.push_back(table.choice(row));
        }
        Json out{{"offers", table.offering()}, {"choices", choices}};
        const Json groups = parsed.value("groups", Json::object());
        for (const auto& [id, name] : groups.items()) out["groups"].push_back({{"id", id}, {"name", name}});
        for (const Json& choice : choices) {
            if (choice.contains("group") && !groups.contains(choice["group"].get<std::string>()))
                throw Refused(std::string(file) + ": there is no group \"" +
                              choice["group"].get<std::string>() + "\"");
        }
        return out;
    } catch (const Json::exception&) {
        throw Refused(std::string(file) +
                      ": shows, offers, hints, writes and locks must have the form that panels read; see "
                      "sdk/README.md");
    }
}

}  // namespace wfc::panel
