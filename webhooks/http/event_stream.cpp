#include "webhooks/http/event_stream.hpp"

namespace webhooks::http {

EventStream::EventStream(boost::asio::any_io_executor executor) : wake_(std::move(executor)) {}

bool EventStream::push(std::string frame) {
    if (closed_) return false;
    if (frames_.size() == kMaxFrames) {
        frames_.clear();  // it will ask for them again; what is half told would only delay the close
        close();
        return false;
    }
    frames_.push_back(std::move(frame));
    wake_.cancel();
    return true;
}

void EventStream::close() noexcept {
    closed_ = true;
    wake_.cancel();
}

std::string EventStream::take() {
    std::string all;
    for (const std::string& frame : frames_) all += frame;
    frames_.clear();
    return all;
}

}  // namespace webhooks::http
