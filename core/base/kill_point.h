/* kill_point.h: named places where a rig lets a process die, to prove that nothing is lost there.
 *
 * FISC_KILL_AT=NAME:NTH in the environment kills the process (SIGKILL) when it passes the point
 * NAME for the NTH time; without it a point costs one comparison. Points stand on both sides of
 * every commit and wherever work changes hands. The table is the list; tests/fault compares it with
 * the code. */
#ifndef FISC_BASE_KILL_POINT_H
#define FISC_BASE_KILL_POINT_H

/* X(NAME, when it is passed) */
#define FISC_KILL_POINTS(X)                                                                        \
    X("poster.taken", "jobs left the queue, nothing is decided")                                   \
    X("poster.decided", "the engine has decided, nothing is sealed")                               \
    X("poster.sealed", "hashes and root are computed")                                             \
    X("poster.in_turn", "nobody else can append, nothing is read")                                 \
    X("poster.before_write", "the batch is about to be sent")                                      \
    X("poster.after_write", "PostgreSQL has committed, the engine has not")                        \
    X("poster.after_commit", "engine and database agree, no receipt is filled")                    \
    X("poster.before_answer", "receipts are filled, nobody was told")                              \
    X("poster.before_resolve", "an answer was lost, its outcome is about to be looked up")         \
    X("poster.before_checkpoint", "the log is about to be folded")                                 \
    X("poster.after_checkpoint", "the log is folded")                                              \
    X("load.after_read", "the package is read, nothing is decided")                                \
    X("load.after_rehearsal", "the package is decided in memory, nothing is written")              \
    X("load.between_steps", "a step of the package is posted, the next is not")                    \
    X("period.before_submit", "a change of periods is about to be submitted")                      \
    X("period.after_submit", "a change of periods is committed, nobody was told")                  \
    X("pull.between_documents", "a document of a feeder is about to be taken")                     \
    X("pull.before_keeping", "documents have come, nothing of them is kept")                       \
    X("pull.before_posting", "the documents are read, nothing is posted")                          \
    X("pull.after_posting", "the books are settled, the run has not ended")                        \
    X("pull.before_staging", "runs name their documents, nothing is proposed")                     \
    X("feed.before_telling", "a feed is approved and posted, its run does not know")               \
    X("plan.contents_kept", "the texts of parts are kept, no step names them")                     \
    X("migrate.before_file", "a migration or routine is about to run")                             \
    X("migrate.after_file", "a migration or routine is committed")                                 \
    X("server.before_keep", "a write was answered, the answer is not kept")                        \
    X("initdb.before_rename", "the cluster is whole under a working name")

/** Dies here when the environment says so. */
void fisc_kill_point(const char *name);

#endif
