/*
 * The reference workload as a loop over the next event, in C.
 *
 * The same responses as the engine's: closest team, sent on from the road, priority queue, hospital,
 * go home. Callouts are handed to it with their times; there is no log and nothing to choose.
 */

#include <stdint.h>

#define TEAMS 64
#define NEVER INT64_MAX

enum { FREE, ON_THE_WAY, ON_SCENE, TO_HOSPITAL, AT_HOSPITAL };

/* Columns of callouts in the order in which they become ready; instants and times in ms. */
struct callouts {
    int64_t count;
    const int64_t *ready, *received, *priority, *place, *turnout, *on_scene, *transported, *handover;
};

struct team {
    int64_t rings, departs, arrives; /* the drive home, which tells where it is while it is free */
    int64_t start, base, callout, hospital;
    int state;
};

struct run {
    const struct callouts *given;
    const int64_t *drive, *hospitals;
    int64_t places, hospital_count, turnout, *responses;
    int64_t teams, waiting, *queue;
    struct team team[TEAMS];
};

static int64_t time_to(const struct run *run, const struct team *team, int64_t now, int64_t place)
{
    const int64_t *drive = run->drive;
    int64_t there = drive[team->base * run->places + place];
    if (now >= team->arrives)
        return there;
    int64_t on = team->arrives - now + there;
    int64_t back = now - team->departs + drive[team->start * run->places + place];
    /* one that has just been cleared is not on its way home yet */
    return now == team->departs || back < on ? back : on;
}

/* Send the free team that is expected first; return whether there is one. */
static int send(struct run *run, int64_t callout, int64_t now)
{
    int64_t place = run->given->place[callout], least = NEVER;
    struct team *best = 0;
    for (int64_t n = 0; n < run->teams; n++) {
        struct team *team = &run->team[n];
        if (team->state != FREE)
            continue;
        int64_t due = time_to(run, team, now, place) + (now >= team->arrives ? run->turnout : 0);
        if (due < least)
            least = due, best = team;
    }
    if (!best)
        return 0;
    int64_t turnout = now >= best->arrives ? run->given->turnout[callout] : 0;
    best->rings = now + turnout + time_to(run, best, now, place);
    best->callout = callout, best->state = ON_THE_WAY;
    return 1;
}

/* Let a callout wait: the most urgent first, then the first received. */
static void enqueue(struct run *run, int64_t callout)
{
    const int64_t *priority = run->given->priority;
    int64_t n = run->waiting++;
    for (; n > 0 && priority[run->queue[n - 1]] <= priority[callout]; n--)
        run->queue[n] = run->queue[n - 1];
    run->queue[n] = callout; /* the next to be served is the last */
}

static void go_home(struct run *run, struct team *team, int64_t now, int64_t place)
{
    team->state = FREE, team->rings = NEVER;
    team->start = place, team->departs = now;
    team->arrives = now + run->drive[place * run->places + team->base];
    if (run->waiting)
        send(run, run->queue[--run->waiting], now);
}

static void next_phase(struct run *run, struct team *team)
{
    const struct callouts *given = run->given;
    int64_t now = team->rings, callout = team->callout, place = given->place[callout];
    switch (team->state) {
    case ON_THE_WAY:
        run->responses[callout] = now - given->received[callout];
        team->state = ON_SCENE, team->rings = now + given->on_scene[callout];
        break;
    case ON_SCENE:
        if (!given->transported[callout]) {
            go_home(run, team, now, place);
            break;
        }
        const int64_t *drives = run->drive + place * run->places;
        team->hospital = run->hospitals[0];
        for (int64_t n = 1; n < run->hospital_count; n++)
            if (drives[run->hospitals[n]] < drives[team->hospital])
                team->hospital = run->hospitals[n];
        team->state = TO_HOSPITAL, team->rings = now + drives[team->hospital];
        break;
    case TO_HOSPITAL:
        team->state = AT_HOSPITAL, team->rings = now + given->handover[callout];
        break;
    case AT_HOSPITAL:
        go_home(run, team, now, team->hospital);
    }
}

/* Run until an instant [ms]; a response stays as it was where nobody has arrived by then. */
void simulate(const struct callouts *given, const int64_t *drive, int64_t places,
              const int64_t *bases, int64_t teams, const int64_t *hospitals, int64_t hospital_count,
              int64_t turnout, int64_t ends, int64_t *queue, int64_t *responses)
{
    struct run run = {
        .given = given, .drive = drive, .hospitals = hospitals, .places = places,
        .hospital_count = hospital_count, .turnout = turnout, .responses = responses,
        .teams = teams, .queue = queue,
    };
    for (int64_t n = 0; n < teams; n++)
        run.team[n] = (struct team){.rings = NEVER, .start = bases[n], .base = bases[n]};
    int64_t callout = 0;
    for (;;) {
        struct team *next = &run.team[0];
        for (int64_t n = 1; n < teams; n++)
            if (run.team[n].rings < next->rings)
                next = &run.team[n];
        int64_t ready = callout < given->count ? given->ready[callout] : NEVER;
        if (next->rings <= ready) { /* teams come before callouts at one instant */
            if (next->rings >= ends)
                return;
            next_phase(&run, next);
        } else {
            if (ready >= ends)
                return;
            if (!send(&run, callout, ready))
                enqueue(&run, callout);
            callout++;
        }
    }
}
