internal import Domain
internal import Engine

/// Jobs that `caps: hard` keeps from starting in every zone that they may use: they stand aside, so that they block
/// nobody, and come back when a forecast or the intensity lets them; one whose latest start has come first is rejected.
///
/// For the policies that start jobs as soon as they can; a policy that plans looks at the caps of its plans itself.
struct HeldJobs {
  private var jobs: [JobID] = []

  var isEmpty: Bool { jobs.isEmpty }
  /// In the order in which they came.
  var all: [JobID] { jobs }

  /// Forgets a job. O(jobs).
  mutating func remove(_ job: JobID) { jobs.removeAll { $0 == job } }

  /// Takes a job that no zone permits now; rejects it where it has no later chance.
  mutating func hold(_ job: JobID, _ context: PolicyContext) {
    let latest = context.job(job).latestStart
    guard context.now < latest else { return context.reject(job, .capsNotMet) }
    jobs.append(job)
    context.wake(at: min(latest, context.nextConditions))
  }

  /// Hands back the jobs that some zone permits by now, in the order of submission.
  ///
  /// - Parameter permitted: whether a job may start in any zone, room or not.
  mutating func release(_ context: PolicyContext, permitted: (JobID) -> Bool) -> [JobID] {
    guard !jobs.isEmpty else { return [] }
    var free: [JobID] = []
    let waiting = jobs
    jobs.removeAll(keepingCapacity: true)
    for job in waiting {
      if permitted(job) { free.append(job) } else { hold(job, context) }
    }
    return free.sorted { context.job($0).sequence < context.job($1).sequence }
  }
}
