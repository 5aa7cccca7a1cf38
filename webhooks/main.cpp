#include "webhooks/cli/cli.hpp"

int main(int argc, char** argv) { return webhooks::cli::run(argc, argv); }
