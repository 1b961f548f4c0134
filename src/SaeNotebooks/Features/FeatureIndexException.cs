namespace SaeNotebooks.Features;

/// <summary>An index cannot be read or written, or is asked about a model, SAE or tokenizer that it was not made with; the message says what to do.</summary>
public sealed class FeatureIndexException(string message, Exception? cause = null) : Exception(message, cause);
