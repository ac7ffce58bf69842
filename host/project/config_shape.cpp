#include "config_shape.hpp"

#include <array>

namespace ktx::project {
namespace {

using Kind = Shape::Kind;

constexpr std::array<LegacyKey, 6> legacy_key_table = {{
    {"llm.provider.provider", "llm.provider.backend"},
    {"ingest.embeddings.provider", "ingest.embeddings.backend"},
    {"scan.enrichment.embeddings.provider", "scan.enrichment.embeddings.backend"},
    {"ingest.llm", "llm"},
    {"scan.enrichment.backend", "scan.enrichment.mode"},
    {"scan.enrichment.llm", "llm"},
}};

constexpr std::array<std::string_view, 4> llm_backends = {"none", "anthropic", "vertex", "gateway"};
constexpr std::array<std::string_view, 4> embedding_backends = {"none", "deterministic", "openai",
                                                                "sentence-transformers"};
constexpr std::array<std::string_view, 3> enrichment_modes = {"none", "deterministic", "llm"};

constexpr std::array<std::string_view, 3> local_embedding_backends = {"none", "onnx",
                                                                      "sentence-transformers"};

constexpr std::array<Choice, 5> choice_table = {{
    {"embeddings.backend", local_embedding_backends},
    {"llm.provider.backend", llm_backends},
    {"ingest.embeddings.backend", embedding_backends},
    {"scan.enrichment.embeddings.backend", embedding_backends},
    {"scan.enrichment.mode", enrichment_modes},
}};

constexpr Shape any_text{Kind::text};
constexpr Shape yes_or_no{Kind::boolean};

constexpr std::array connection_fields = {Field{"driver", &any_text}, Field{"url", &any_text},
                                          Field{"path", &any_text}, Field{"readonly", &yes_or_no},
                                          Field{"timezone", &any_text}};
constexpr ObjectShape connection_object{"a connection", connection_fields, std::nullopt};
constexpr Shape connection{Kind::object, nullptr, &connection_object};
constexpr Shape connections{Kind::map, &connection};

constexpr std::array git_fields = {Field{"auto_commit", &yes_or_no}, Field{"author", &any_text}};
constexpr ObjectShape git_object{"storage.git", git_fields, std::nullopt};
constexpr Shape git{Kind::object, nullptr, &git_object};
constexpr std::array storage_fields = {Field{"git", &git}};
constexpr ObjectShape storage_object{"storage", storage_fields, std::nullopt};
constexpr Shape storage{Kind::object, nullptr, &storage_object};

constexpr std::array embeddings_fields = {Field{"backend", &any_text}};
constexpr ObjectShape embeddings_object{"embeddings", embeddings_fields, std::nullopt};
constexpr Shape embeddings{Kind::object, nullptr, &embeddings_object};

constexpr Shape text_list{Kind::list, &any_text};
constexpr std::array setup_fields = {Field{"database_connection_ids", &text_list},
                                     Field{"completed_steps", &text_list}};
constexpr ObjectShape setup_object{"setup", setup_fields, std::nullopt};
constexpr Shape setup{Kind::object, nullptr, &setup_object};

constexpr std::array config_fields = {Field{"project", &any_text, true}, Field{"connections", &connections},
                                      Field{"storage", &storage}, Field{"embeddings", &embeddings},
                                      Field{"setup", &setup}};
constexpr ObjectShape config_object{"ktx.yaml", config_fields, std::nullopt};

}  // namespace

const Shape config_shape{Kind::object, nullptr, &config_object};
const std::span<const LegacyKey> legacy_keys = legacy_key_table;
const std::span<const Choice> choices = choice_table;

}  // namespace ktx::project
