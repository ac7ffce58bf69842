#pragma once

#include <functional>
#include <optional>
#include <string>

namespace ktx::semantic {

/// The model that a question is about. Its text is made when somebody needs it: who knows the model by its
/// name does not.
class Model {
 public:
  /// `sources`: a JSON array, as SourceTree::sources_json gives it.
  explicit Model(std::string sources) : sources_(std::move(sources)) {}

  /// `make` gives such a text, and may throw; `name` is the one that the text is known to have, if it is.
  explicit Model(std::function<std::string()> make, std::optional<std::string> name = std::nullopt)
      : make_(std::move(make)), name_(std::move(name)) {}

  /// The text; made once.
  const std::string& sources() const;

  /// The name by which a host knows the model: the digest of its registration.
  const std::string& name() const;

 private:
  std::function<std::string()> make_;
  mutable std::optional<std::string> sources_;
  mutable std::optional<std::string> name_;
};

/// The request that makes a model known to a host.
std::string registration_of(const std::string& sources);

/// "sha256:" and the digest of a registration.
std::string model_name(const std::string& registration);

}  // namespace ktx::semantic
