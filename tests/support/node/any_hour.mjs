// A line whose staff look after everything at any hour, and a clock that stands in the middle of its day: the minute
// around midnight, when it is closed, is far from every story.
const kHour = 3_600;

/** Options of a story. */
export const any_hour = {
    clock: true,
    oncall: 'working_hours = { days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from = "00:01", until = "23:59" }',
};

/** The clock goes on to 10:00 of a Monday in New York, give or take the hour by which its own clocks change. */
export function until_monday(line) {
    const now = now_of(line) / 1000;
    const days_since_monday = Math.floor(now / 86_400 + 3) % 7;
    const monday = (Math.floor(now / 86_400) - days_since_monday + 7) * 86_400 + 14.5 * kHour;
    line.pass(Math.ceil(monday - now));
}

/** What the server's clock shows, in ms. */
export const now_of = (line) => Date.now() + line.offset * 1000;
