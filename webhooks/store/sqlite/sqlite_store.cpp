#include "webhooks/store/sqlite/sqlite_store.hpp"

#include "webhooks/store/sqlite/reading.hpp"
#include "webhooks/store/sqlite/schema.hpp"
#include "webhooks/store/sqlite/writer.hpp"

namespace webhooks::store {

namespace {

class SqliteStore final : public Store {
public:
    SqliteStore(const SqliteSettings& settings, std::shared_ptr<const Vault> vault,
                std::unique_ptr<sqlite::Connection> writing)
        : vault_(std::move(vault)),
          health_(settings.on_fatal),
          checkpointer_(sqlite::open_checkpointer(settings), health_,
                        static_cast<int>(settings.checkpoint_pages)),
          reading_(sqlite::open_reader(settings), *vault_, settings.queue_limit),
          writer_(settings, std::move(writing), *vault_, health_, checkpointer_) {}
    ~SqliteStore() override { shut(); }

    [[nodiscard]] bool healthy() const noexcept override { return health_.healthy(); }
    void close() override { shut(); }

protected:
    void enqueue(Job job, Completion done) override { writer_.push({std::move(job), std::move(done)}); }
    void enqueue_read(ReadJob job, Completion done) override {
        reading_.push({std::move(job), std::move(done)});
    }

private:
    // The writer's connection closes last and so folds the whole log into the file.
    void shut() {
        reading_.stop();
        writer_.finish();
        checkpointer_.stop();
        writer_.stop();
    }

    std::shared_ptr<const Vault> vault_;
    sqlite::Health health_;
    sqlite::Checkpointer checkpointer_;
    sqlite::Reading reading_;
    sqlite::Writer writer_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite(const SqliteSettings& settings, std::shared_ptr<const Vault> vault) {
    auto writing = sqlite::open_ready(settings, *vault);
    return std::make_unique<SqliteStore>(settings, std::move(vault), std::move(writing));
}

}  // namespace webhooks::store
