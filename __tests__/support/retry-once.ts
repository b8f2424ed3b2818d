// Machines that test are shared and noisy: a test that fails says so, and counts when it fails again.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
