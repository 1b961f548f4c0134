namespace SaeNotebooks.Kernel.Session;

/// <summary>A directive such as #r cannot be carried out; the message is one line for the person at the notebook.</summary>
internal sealed class DirectiveException(string message) : Exception(message);
