namespace SaeNotebooks.Tokenization.Formats;

/// <summary>A kind of file that holds a whole tokenizer. Stateless.</summary>
internal interface ITokenizerFormat
{
    /// <summary>What it is, for a message.</summary>
    string Name { get; }

    /// <summary>Whether a file with this content is of this kind, as far as its beginning tells.</summary>
    bool Recognizes(ReadOnlySpan<byte> content);

    /// <summary>Reads the whole of it. What is not understood is refused by name, since a wrong token id is never noticed.</summary>
    /// <exception cref="Checkpoints.CheckpointException">the content is damaged, or says something that is not supported</exception>
    TokenizerParts Read(byte[] content, string file);
}
