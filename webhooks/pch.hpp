#pragma once
// Precompiled for every file of the shell: Asio costs seconds in each file otherwise. Beast stays out; only
// http/session.cpp and its kin pay for it.
#include <boost/asio.hpp>
#include <boost/system/result.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
