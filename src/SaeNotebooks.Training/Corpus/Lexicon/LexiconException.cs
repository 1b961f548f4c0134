namespace SaeNotebooks.Training.Corpus;

/// <summary>A lexicon file that cannot be read; the message names file, line and column.</summary>
public sealed class LexiconException(string message) : Exception(message);
