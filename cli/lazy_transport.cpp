#include "lazy_transport.hpp"

#include <utility>

namespace ktx::cli {

LazyTransport::LazyTransport(TransportFactory connect, PythonOptions options, std::string driver)
    : connect_(std::move(connect)), options_(std::move(options)) {
  if (!driver.empty()) options_.drivers = {std::move(driver)};
}

semantic::Transport& LazyTransport::get() {
  if (transport_ == nullptr) transport_ = connect_(options_);
  return *transport_;
}

database::PythonSource LazyTransport::source() {
  return [this]() -> semantic::Transport& { return get(); };
}

}  // namespace ktx::cli
