#include "wfc/author.hpp"
#include "wfc/embedded.hpp"
#include "wfc/json.hpp"

WFC_EMBEDDED(manifest, shout_manifest)  // component.json, compiled in by embed_files()

class Shout : public wfc::Component {
  public:
    explicit Shout(const wfc_host* host) : host_(host) {}

    void configure(std::string_view settings) override {
        const auto json = wfc::parse_json(settings, WFC_INVALID_SETTINGS, "settings");
        wfc::Fields fields(json, "", WFC_INVALID_SETTINGS);
        std::string mark = fields.string("mark").value_or("!");
        fields.done();            // a member nobody asked for: "did you mean …?"
        mark_ = std::move(mark);  // last, so that bad settings leave the old ones
    }

    wfc_status invoke(wfc::Call& call) override {
        const auto json = wfc::parse_json(call.input(), WFC_INVALID_INPUT, "input");
        wfc::Fields fields(json, "", WFC_INVALID_INPUT);
        const std::string text = fields.required_string("text");
        fields.done();
        host_.log().write(wfc::Level::info, "shout.heard", "{}");
        call.result(R"({"format":1,"outcome":"succeeded","text":)" + quoted(text + mark_) + "}");
        return WFC_OK;
    }

  private:
    wfc::Host host_;
    std::string mark_ = "!";
};

WFC_MODULE(manifest, wfc::type<Shout>("shout"))
