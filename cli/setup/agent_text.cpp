#include "setup/agent_text.hpp"

namespace ktx::cli {

const std::string_view agent_text = R"(# Questions about data: use ktx

This project has a semantic layer: sources (tables with columns, joins and measures) in `semantic-layer/`, which
`ktx` compiles to correct SQL. Prefer its measures to SQL of your own; they are defined once, and joins are proven not
to repeat rows.

1. Find the source: `ktx sl search <words>`; `ktx sl list` shows all of them.
2. Look at its file in `semantic-layer/<connection>/<source>.yaml` for measures, columns and their meaning. Pages in
   `wiki/` say what words mean here.
3. See how a question would be answered, without running it:
   `ktx sl query --measure <source>.<measure> --dimension <source>.<column> --explain`
4. Run it: `ktx sl query --measure <source>.<measure> --dimension <source>.<column> --execute --format json`
   - `--dimension orders.created_at:month` groups by month; `--filter "orders.status = 'paid'"` filters;
     `--order-by`, `--limit` and `--segment` do what they say. An aggregate such as `sum(orders.amount)` is a measure too.
   - With more than one connection, add `--connection-id <id>`.
5. After changing a file: `ktx sl validate`.

Rules
- stdout is the answer; errors and warnings are on stderr. Pass warnings on to the user with the answer.
- An error says what to do in its line `Fix:`. Correct the question; do not guess numbers or fall back to SQL silently.
- Databases are read only. Never try to write to one, and never go around ktx to do so.
- Secrets are references in `ktx.yaml` (`env:NAME`, `file:/path`). Never read, print or store what they refer to, and
  never write a password, a token or a key into a file of this project.
- When the Python runtime is missing, ask the user before running `ktx runtime install --yes`.
)";

}  // namespace ktx::cli
