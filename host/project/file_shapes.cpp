#include "file_shapes.hpp"

#include <array>

#include "ktx/project/granularity.hpp"

namespace ktx::project {

// A namespace for its one-word names, which are those of functions of other files.
namespace file_shapes {
namespace {

using Kind = Shape::Kind;

// Keys of older formats. They are errors, because a setting that is silently ignored looks as if it worked.
constexpr std::array<LegacyKey, 6> legacy_key_table = {{
    {"llm.provider.provider", "llm.provider.backend"},
    {"ingest.embeddings.provider", "ingest.embeddings.backend"},
    {"scan.enrichment.embeddings.provider", "scan.enrichment.embeddings.backend"},
    {"ingest.llm", "llm"},
    {"scan.enrichment.backend", "scan.enrichment.mode"},
    {"scan.enrichment.llm", "llm"},
}};

// This ktx does not use the sections llm, ingest.llm and scan, but a wrong value in them is reported.
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

constexpr std::array<std::string_view, 3> week_starts = {"monday", "sunday", "saturday"};
constexpr Shape week_start{Kind::choice, nullptr, nullptr, week_starts};
constexpr std::array<std::string_view, 12> months = {"january",   "february", "march",    "april",
                                                     "may",       "june",     "july",     "august",
                                                     "september", "october",  "november", "december"};
constexpr Shape month{Kind::choice, nullptr, nullptr, months};
constexpr std::array calendar_fields = {Field{"week_start", &week_start}, Field{"fiscal_year_start", &month}};
constexpr ObjectShape calendar_object{"a calendar", calendar_fields};
constexpr Shape calendar{Kind::object, nullptr, &calendar_object};
constexpr std::array custom_granularity_fields = {Field{"name", &any_text, true},
                                                  Field{"column", &any_text, true}};
constexpr ObjectShape custom_granularity_object{"a custom granularity", custom_granularity_fields};
constexpr Shape custom_granularity{Kind::object, nullptr, &custom_granularity_object};
constexpr Shape custom_granularities{Kind::list, &custom_granularity};
constexpr std::array time_spine_fields = {Field{"source", &any_text, true}, Field{"column", &any_text, true},
                                          Field{"custom_granularities", &custom_granularities}};
constexpr ObjectShape time_spine_object{"a time_spine", time_spine_fields};
constexpr Shape time_spine{Kind::object, nullptr, &time_spine_object};
// What has a calendar has other keys too.
constexpr std::array calendar_holder_fields = {Field{"calendar", &calendar},
                                               Field{"time_spine", &time_spine}};
constexpr ObjectShape calendar_holder_object{"ktx.yaml", calendar_holder_fields, std::nullopt};

constexpr std::array connection_fields = {Field{"driver", &any_text},      Field{"url", &any_text},
                                          Field{"path", &any_text},        Field{"readonly", &yes_or_no},
                                          Field{"timezone", &any_text},    Field{"calendar", &calendar},
                                          Field{"time_spine", &time_spine}};
// Each driver has keys of its own, so unknown ones are left alone.
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

constexpr std::array config_fields = {Field{"project", &any_text, true},
                                      Field{"connections", &connections},
                                      Field{"storage", &storage},
                                      Field{"embeddings", &embeddings},
                                      Field{"setup", &setup},
                                      Field{"calendar", &calendar},
                                      Field{"time_spine", &time_spine}};
constexpr ObjectShape config_object{"ktx.yaml", config_fields, std::nullopt};

constexpr Shape any{Kind::any};
constexpr Shape text{Kind::text};
constexpr Shape boolean{Kind::boolean};
constexpr Shape texts{Kind::list, &text};
constexpr Shape text_map{Kind::map, &text};
constexpr Shape texts_map{Kind::map, &texts};

constexpr std::array<std::string_view, 4> column_types = {"string", "number", "time", "boolean"};
constexpr Shape column_type{Kind::choice, nullptr, nullptr, column_types};
constexpr std::array<std::string_view, 4> storage_kinds = {"unix", "unix_ms", "julian", "text"};
constexpr Shape storage_kind{Kind::choice, nullptr, nullptr, storage_kinds};
constexpr std::array<std::string_view, 2> column_zones = {"utc", "local"};
constexpr Shape column_zone{Kind::choice, nullptr, nullptr, column_zones};
constexpr std::array<std::string_view, 3> visibilities = {"public", "internal", "hidden"};
constexpr Shape visibility{Kind::choice, nullptr, nullptr, visibilities};
constexpr std::array<std::string_view, 2> roles = {"time", "default"};
constexpr Shape role{Kind::choice, nullptr, nullptr, roles};
constexpr std::array<std::string_view, 3> relationships = {"many_to_one", "one_to_many", "one_to_one"};
constexpr Shape relationship{Kind::choice, nullptr, nullptr, relationships};
constexpr std::array<std::string_view, 2> source_types = {"table", "sql"};
constexpr Shape source_type{Kind::choice, nullptr, nullptr, source_types};
constexpr std::array<std::string_view, 3> join_origins = {"formal", "inferred", "manual"};
constexpr Shape join_origin{Kind::choice, nullptr, nullptr, join_origins};

constexpr std::array constraint_fields = {Field{"not_null", &boolean}, Field{"unique", &boolean}};
constexpr ObjectShape constraint_object{"a constraint", constraint_fields};
constexpr Shape constraint{Kind::object, nullptr, &constraint_object};
constexpr Shape constraints{Kind::map, &constraint};

constexpr std::array test_fields = {Field{"name", &text, true}, Field{"package", &text, true},
                                    Field{"kwargs", &any}};
constexpr ObjectShape test_object{"a test", test_fields};
constexpr Shape test{Kind::object, nullptr, &test_object};
constexpr Shape test_list{Kind::list, &test};
constexpr std::array tests_fields = {Field{"dbt", &test_list}, Field{"dbt_by_package", &texts_map}};
constexpr ObjectShape tests_object{"tests", tests_fields};
constexpr Shape tests{Kind::object, nullptr, &tests_object};

constexpr std::array column_fields = {Field{"name", &text, true},
                                      Field{"type", &column_type},
                                      Field{"storage", &storage_kind},
                                      Field{"zone", &column_zone},
                                      Field{"visibility", &visibility},
                                      Field{"role", &role},
                                      Field{"description", &text},
                                      Field{"descriptions", &text_map},
                                      Field{"expr", &text},
                                      Field{"natural_granularity", &text},
                                      Field{"constraints", &constraints},
                                      Field{"enum_values", &texts_map},
                                      Field{"tests", &tests}};
constexpr ObjectShape column_object{"a column", column_fields};
constexpr Shape column{Kind::object, nullptr, &column_object};
constexpr Shape columns{Kind::list, &column};

constexpr std::array window_fields = {Field{"from", &text, true}, Field{"to", &text, true},
                                      Field{"at", &text}};
constexpr ObjectShape window_object{"valid", window_fields};
constexpr Shape window{Kind::object, nullptr, &window_object};
constexpr std::array join_fields = {Field{"to", &text, true}, Field{"on", &text, true},
                                    Field{"relationship", &relationship, true}, Field{"alias", &text},
                                    Field{"valid", &window}};
constexpr ObjectShape join_object{"a join", join_fields};
constexpr Shape join{Kind::object, nullptr, &join_object};
constexpr Shape joins{Kind::list, &join};

constexpr Shape number{Kind::number};
constexpr Shape duration{Kind::duration};
constexpr Shape granularity{Kind::choice, nullptr, nullptr, granularities};
constexpr std::array<std::string_view, 2> measure_visibilities = {"public", "hidden"};
constexpr Shape measure_visibility{Kind::choice, nullptr, nullptr, measure_visibilities};
constexpr std::array<std::string_view, 2> ends = {"last", "first"};
constexpr Shape one_end{Kind::choice, nullptr, nullptr, ends};

constexpr std::array<std::string_view, 3> shown_values = {"last", "first", "average"};
constexpr Shape shown_value{Kind::choice, nullptr, nullptr, shown_values};

constexpr std::array cumulative_fields = {Field{"of", &text, true}, Field{"window", &duration},
                                          Field{"to_grain", &granularity}, Field{"period", &shown_value}};
constexpr std::array<std::string_view, 2> two_starts = {"window", "to_grain"};
constexpr ObjectShape cumulative_object{"cumulative", cumulative_fields, Severity::error, {}, {}, two_starts};
constexpr Shape cumulative{Kind::object, nullptr, &cumulative_object};

constexpr std::array offset_fields = {Field{"of", &text, true}, Field{"by", &duration},
                                      Field{"to_grain", &granularity}};
constexpr std::array<std::string_view, 2> what_makes_an_offset = {"by", "to_grain"};
constexpr ObjectShape offset_object{"offset", offset_fields, Severity::error, {}, what_makes_an_offset};
constexpr Shape offset{Kind::object, nullptr, &offset_object};

constexpr std::array column_pair_fields = {Field{"base", &text, true}, Field{"conversion", &text, true}};
constexpr ObjectShape column_pair_object{"a pair of columns", column_pair_fields};
constexpr Shape column_pair{Kind::text_or_object, nullptr, &column_pair_object};
constexpr Shape column_pairs{Kind::list, &column_pair};
constexpr std::array<std::string_view, 3> calculations = {"rate", "count", "conversions"};
constexpr Shape calculation{Kind::choice, nullptr, nullptr, calculations};
constexpr std::array conversion_fields = {
    Field{"base", &text, true}, Field{"conversion", &text, true}, Field{"entity", &column_pair, true},
    Field{"window", &duration}, Field{"calculate", &calculation}, Field{"constant", &column_pairs}};
constexpr ObjectShape conversion_object{"conversion", conversion_fields};
constexpr Shape conversion{Kind::object, nullptr, &conversion_object};

constexpr std::array non_additive_fields = {Field{"dimension", &text, true}, Field{"keep", &one_end},
                                            Field{"by", &texts}};
constexpr ObjectShape non_additive_object{"non_additive", non_additive_fields};
constexpr Shape non_additive{Kind::object, nullptr, &non_additive_object};

constexpr std::array measure_fields = {Field{"name", &text, true},
                                       Field{"expr", &text},
                                       Field{"cumulative", &cumulative},
                                       Field{"offset", &offset},
                                       Field{"conversion", &conversion},
                                       Field{"filter", &text},
                                       Field{"segments", &texts},
                                       Field{"description", &text},
                                       Field{"label", &text},
                                       Field{"format", &text},
                                       Field{"visibility", &measure_visibility},
                                       Field{"time_dimension", &text},
                                       Field{"fill_nulls_with", &number},
                                       Field{"non_additive", &non_additive}};
constexpr std::array<std::string_view, 4> what_makes_a_measure = {"expr", "cumulative", "offset",
                                                                  "conversion"};
constexpr ObjectShape measure_object{"a measure", measure_fields, Severity::error, {}, what_makes_a_measure};
constexpr Shape measure{Kind::object, nullptr, &measure_object};
constexpr Shape measures{Kind::list, &measure};

constexpr std::array input_fields = {Field{"of", &text, true}, Field{"filter", &text},
                                     Field{"offset", &text}};
constexpr ObjectShape input_object{"an input", input_fields};
constexpr Shape input{Kind::text_or_object, nullptr, &input_object};
constexpr Shape inputs{Kind::map, &input};
constexpr std::array metric_fields = {Field{"name", &text, true},
                                      Field{"expr", &text},
                                      Field{"cumulative", &cumulative},
                                      Field{"offset", &offset},
                                      Field{"conversion", &conversion},
                                      Field{"inputs", &inputs},
                                      Field{"filter", &text},
                                      Field{"description", &text},
                                      Field{"label", &text},
                                      Field{"format", &text},
                                      Field{"visibility", &measure_visibility},
                                      Field{"fill_nulls_with", &number}};
constexpr ObjectShape metric_object{"a metric", metric_fields, Severity::error, {}, what_makes_a_measure};
constexpr Shape metric{Kind::object, nullptr, &metric_object};
constexpr Shape metrics{Kind::list, &metric};
constexpr std::array metrics_file_fields = {Field{"metrics", &metrics, true}};
constexpr ObjectShape metrics_file_object{"a file of metrics", metrics_file_fields};

constexpr std::array segment_fields = {Field{"name", &text, true}, Field{"expr", &text, true},
                                       Field{"description", &text}};
constexpr ObjectShape segment_object{"a segment", segment_fields};
constexpr Shape segment{Kind::object, nullptr, &segment_object};
constexpr Shape segments{Kind::list, &segment};

constexpr std::array default_time_fields = {Field{"dbt", &text}};
constexpr ObjectShape default_time_object{"default_time_dimension", default_time_fields};
constexpr Shape default_time{Kind::text_or_object, nullptr, &default_time_object};

constexpr std::array freshness_fields = {Field{"raw", &any}, Field{"loaded_at_field", &text}};
constexpr ObjectShape freshness_object{"freshness", freshness_fields};
constexpr Shape freshness_entry{Kind::object, nullptr, &freshness_object};
constexpr Shape freshness{Kind::map, &freshness_entry};

// Must not be empty in the end; an overlay may still fill it.
constexpr Shape grain{Kind::list, &text, nullptr, {}, true};
constexpr std::array source_fields = {Field{"name", &text},
                                      Field{"description", &text},
                                      Field{"descriptions", &text_map},
                                      Field{"table", &text},
                                      Field{"sql", &text},
                                      Field{"grain", &grain, true},
                                      Field{"columns", &columns, true},
                                      Field{"joins", &joins},
                                      Field{"measures", &measures},
                                      Field{"segments", &segments},
                                      Field{"default_time_dimension", &default_time},
                                      Field{"tags", &texts_map},
                                      Field{"freshness", &freshness},
                                      Field{"source_type", &source_type},
                                      Field{"inherits_columns_from", &text},
                                      Field{"timezone", &text}};
constexpr std::array<std::string_view, 2> what_makes_a_source = {"table", "sql"};
constexpr ObjectShape source_object{"a source", source_fields, Severity::error, {}, what_makes_a_source};

constexpr std::array overlay_fields = {Field{"name", &text},
                                       Field{"description", &text},
                                       Field{"descriptions", &text_map},
                                       Field{"grain", &texts},
                                       Field{"columns", &columns},
                                       Field{"joins", &joins},
                                       Field{"measures", &measures},
                                       Field{"segments", &segments},
                                       Field{"exclude_columns", &texts},
                                       Field{"disable_joins", &texts},
                                       Field{"default_time_dimension", &default_time},
                                       Field{"timezone", &text}};
// A file whose `table` or `sql` is misspelt looks like an overlay, so these two are suggested for unknown
// keys.
constexpr ObjectShape overlay_object{"an overlay (a file without table or sql)", overlay_fields,
                                     Severity::error, what_makes_a_source};

constexpr std::array manifest_column_fields = {Field{"name", &text, true},
                                               Field{"type", &text},
                                               Field{"storage", &storage_kind},
                                               Field{"zone", &column_zone},
                                               Field{"pk", &boolean},
                                               Field{"nullable", &boolean},
                                               Field{"descriptions", &text_map},
                                               Field{"description", &text},
                                               Field{"db_description", &text},
                                               Field{"constraints", &constraints},
                                               Field{"enum_values", &texts_map},
                                               Field{"tests", &tests}};
constexpr ObjectShape manifest_column_object{"a manifest column", manifest_column_fields, Severity::warning};
constexpr Shape manifest_column{Kind::object, nullptr, &manifest_column_object};
constexpr Shape manifest_columns{Kind::list, &manifest_column};

constexpr std::array manifest_join_fields = {Field{"to", &text, true}, Field{"on", &text, true},
                                             Field{"relationship", &relationship, true},
                                             Field{"valid", &window}, Field{"source", &join_origin}};
constexpr ObjectShape manifest_join_object{"a manifest join", manifest_join_fields, Severity::warning};
constexpr Shape manifest_join{Kind::object, nullptr, &manifest_join_object};
constexpr Shape manifest_joins{Kind::list, &manifest_join};

constexpr std::array manifest_table_fields = {Field{"table", &text, true},
                                              Field{"descriptions", &text_map},
                                              Field{"description", &text},
                                              Field{"db_description", &text},
                                              Field{"columns", &manifest_columns, true},
                                              Field{"joins", &manifest_joins},
                                              Field{"default_time_dimension", &default_time},
                                              Field{"tags", &texts_map},
                                              Field{"freshness", &freshness},
                                              Field{"timezone", &text}};
constexpr ObjectShape manifest_table_object{"a manifest table", manifest_table_fields, Severity::warning};
constexpr Shape manifest_table{Kind::object, nullptr, &manifest_table_object};
constexpr Shape manifest_tables{Kind::map, &manifest_table};

constexpr std::array manifest_fields = {Field{"tables", &manifest_tables, true}};
constexpr ObjectShape manifest_object{"a manifest", manifest_fields, Severity::warning};

}  // namespace
}  // namespace file_shapes

const Shape config_shape{Shape::Kind::object, nullptr, &file_shapes::config_object};
const Shape calendar_holder_shape{Shape::Kind::object, nullptr, &file_shapes::calendar_holder_object};
const std::span<const LegacyKey> legacy_keys = file_shapes::legacy_key_table;
const std::span<const Choice> choices = file_shapes::choice_table;

const Shape source_shape{Shape::Kind::object, nullptr, &file_shapes::source_object};
const Shape overlay_shape{Shape::Kind::object, nullptr, &file_shapes::overlay_object};
const Shape manifest_shape{Shape::Kind::object, nullptr, &file_shapes::manifest_object};
const Shape metrics_shape{Shape::Kind::object, nullptr, &file_shapes::metrics_file_object};

}  // namespace ktx::project
