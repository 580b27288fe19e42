/**
 * The demo's GitHub event: a failed workflow, in the shape of GitHub's webhook.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run
 */

/** The payload of a `workflow_run` that ended now. */
export function newDemoPayload(now: Date): object {
  const at = now.toISOString();
  return {
    action: "completed",
    workflow_run: {
      id: 30433642,
      name: "CI",
      head_branch: "retry-upload",
      head_sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
      run_number: 562,
      run_attempt: 1,
      event: "push",
      status: "completed",
      conclusion: "failure",
      html_url: "https://github.com/octo-org/octo-app/actions/runs/30433642",
      created_at: at,
      updated_at: at,
      pull_requests: [],
      head_commit: {
        id: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
        message: "Retry the upload three times",
      },
    },
    repository: {
      id: 1296269,
      name: "octo-app",
      full_name: "octo-org/octo-app",
      default_branch: "main",
      html_url: "https://github.com/octo-org/octo-app",
    },
    sender: { login: "octocat", id: 583231, type: "User" },
  };
}
