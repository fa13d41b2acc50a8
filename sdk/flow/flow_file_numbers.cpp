#include "flow/flow_file_numbers.hpp"

#include <string>

#include "wfc/json.hpp"

namespace wfc::flow {

namespace {

/// Follows the parser; what it is told of a number is its text, too.
class Numbers : public nlohmann::json_sax<nlohmann::json> {
  public:
    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t& text) override {
        value();
        if (text.find_first_of(".eE") != text.npos) return true;
        const std::string pointer = place_.pointer();
        throw Problem(WFC_INVALID_INPUT, pointer,
                      shortened(pointer) + " is an integer of more than 64 bits; write it as a string");
    }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override { return open(false); }
    bool key(string_t& name) override {
        place_.member(name);
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(true); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
        return false;  // not reached: the document was parsed before
    }

  private:
    bool value() {
        place_.value();
        return true;
    }
    bool open(bool list) {
        place_.open(list);
        return true;
    }
    bool close() {
        place_.close();
        return true;
    }

    detail::Place place_;
};

}  // namespace

void refuse_large_integers(std::string_view json) {
    Numbers numbers;
    nlohmann::json::sax_parse(json.begin(), json.end(), &numbers);
}

}  // namespace wfc::flow
