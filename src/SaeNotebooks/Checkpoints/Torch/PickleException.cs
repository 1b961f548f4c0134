namespace SaeNotebooks.Checkpoints.Torch;

/// <summary>A pickle that asks for more than tensors, or is damaged; the message says what.</summary>
internal sealed class PickleException(string message) : Exception(message);
