#include "ktx/semantic/model.hpp"

#include "ktx/util/digest.hpp"

namespace ktx::semantic {

const std::string& Model::sources() const {
  if (!sources_) sources_ = make_();
  return *sources_;
}

const std::string& Model::name() const {
  if (!name_) name_ = model_name(registration_of(sources()));
  return *name_;
}

std::string registration_of(const std::string& sources) { return R"({"sources":)" + sources + "}"; }

std::string model_name(const std::string& registration) { return "sha256:" + hex(sha256(registration)); }

}  // namespace ktx::semantic
