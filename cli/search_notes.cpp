#include "search_notes.hpp"

namespace ktx::cli {

void note_lanes(const Context& context, const Lanes& lanes, OutputMode mode, bool may_be_installed) {
  if (mode != OutputMode::json) context.terminal.err(render_lane_notes(lanes));
  const bool for_a_person = mode == OutputMode::pretty && context.terminal.out_is_terminal();
  if (for_a_person && may_be_installed && lacks_embeddings(lanes)) {
    context.note("To search by meaning too: ktx runtime install --feature local-embeddings --yes\n");
  }
}

}  // namespace ktx::cli
