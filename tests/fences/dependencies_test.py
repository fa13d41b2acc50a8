"""Fences of dependencies: they hold for the project, and they bite."""

import unittest

import dependencies
import tree


class Libraries(tree.Fence):
    def test_are_included_only_in_their_folders(self):
        self.holds(dependencies.libraries(tree.ROOT))

    def test_poco_in_the_message_code_is_found(self):
        self.bites(dependencies.libraries, {"plugin/message/a.cpp": "#include <string>\n#include <Poco/Net/Socket.h>\n",
                                            "plugin/net/a.cpp": "#include <Poco/Net/Socket.h>\n"},
                   ["plugin/message/a.cpp:2: Poco"])

    def test_openssl_outside_net_and_crypto_is_found(self):
        self.bites(dependencies.libraries, {"plugin/smtp/a.cpp": '#  include "openssl/ssl.h"\n',
                                            "plugin/crypto/a.cpp": "#include <openssl/evp.h>\n"},
                   ["plugin/smtp/a.cpp:1: OpenSSL"])

    def test_json_away_from_the_edges_is_found_but_not_its_forward_header(self):
        self.bites(dependencies.libraries, {"plugin/smtp/a.hpp": "#include <nlohmann/json.hpp>\n",
                                            "plugin/smtp/b.hpp": "#include <nlohmann/json_fwd.hpp>\n",
                                            "plugin/settings/a.cpp": "#include <nlohmann/json.hpp>\n"},
                   ["plugin/smtp/a.hpp:1: nlohmann"])

    def test_spdlog_in_the_plugin_is_found(self):
        self.bites(dependencies.libraries, {"plugin/net/a.cpp": "#include <spdlog/spdlog.h>\n",
                                            "sdk/host/log.cpp": "#include <spdlog/spdlog.h>\n"},
                   ["plugin/net/a.cpp:1: spdlog"])


class Products(tree.Fence):
    def test_share_only_the_public_headers(self):
        self.holds(dependencies.products(tree.ROOT))

    def test_a_plugin_that_uses_the_loader_is_found(self):
        self.bites(dependencies.products, {"sdk/loader/load.hpp": "", "sdk/include/wfc/host.hpp": "",
                                           "plugin/net/a.cpp": '#include "wfc/host.hpp"\n#include "loader/load.hpp"\n'},
                   ["plugin/net/a.cpp:2: the plugin includes loader/load.hpp"])

    def test_an_sdk_that_uses_the_plugin_is_found(self):
        self.bites(dependencies.products, {"sdk/host/a.cpp": '#include "smtp/session.hpp"\n',
                                           "plugin/smtp/session.hpp": ""},
                   ["sdk/host/a.cpp:1: the SDK includes smtp/session.hpp"])

    def test_a_public_header_that_needs_an_internal_one_is_found(self):
        self.bites(dependencies.products, {"sdk/include/wfc/a.hpp": '#include "manifest/schema.hpp"\n',
                                           "sdk/manifest/schema.hpp": ""},
                   ["sdk/include/wfc/a.hpp:1: a public header includes manifest/schema.hpp"])

    def test_a_relative_include_is_found(self):
        self.bites(dependencies.products, {"plugin/smtp/a.cpp": '#include "../net/stream.hpp"\n'},
                   ["plugin/smtp/a.cpp:1: ../net/stream.hpp is a relative path"])


class Direction(tree.Fence):
    def test_between_the_folders_of_the_plugin_is_kept(self):
        self.holds(dependencies.direction(tree.ROOT))

    def test_message_code_that_knows_sockets_is_found(self):
        self.bites(dependencies.direction, {"plugin/message/a.cpp": '#include "net/stream.hpp"\n',
                                            "plugin/net/stream.hpp": ""},
                   ["plugin/message/a.cpp:1: message uses net"])

    def test_a_circle_is_found(self):
        self.bites(dependencies.direction, {"plugin/crypto/a.hpp": '#include "operations/b.hpp"\n',
                                            "plugin/operations/b.hpp": '#include "crypto/a.hpp"\n'},
                   ["plugin/crypto/a.hpp:1: crypto uses operations", "circle crypto -> operations -> crypto"])

    def test_a_new_folder_must_be_given_its_place(self):
        self.bites(dependencies.direction, {"plugin/pool/a.cpp": '#include "net/stream.hpp"\n',
                                            "plugin/net/stream.hpp": ""},
                   ["plugin/pool/a.cpp:1: the folder pool is not known"])


if __name__ == "__main__":
    unittest.main()
