namespace SaeNotebooks.Kernel;

/// <summary>The kernel cannot start; the message is one line for the person who started it.</summary>
internal sealed class KernelStartException(string message) : Exception(message);
