#pragma once

#include <string>
#include <string_view>

#include "ktx/semantic/model.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::semantic {

/// A question about a model, in the parts that its request is put together from.
struct ModelQuestion {
  std::string_view operation;
  Model model;
  std::string members;  ///< the request's other members, as JSON without the braces
};

/// The whole request, model included, on one line.
std::string encode(const ModelQuestion& question);

/// The reply to the question. A transport that keeps models is asked by the model's name, and told the model
/// only when it does not know it.
std::string ask(Transport& transport, const ModelQuestion& question);

}  // namespace ktx::semantic
