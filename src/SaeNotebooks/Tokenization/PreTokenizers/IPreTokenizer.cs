namespace SaeNotebooks.Tokenization.PreTokenizers;

/// <summary>Cuts a text into the pieces within which merges happen.</summary>
internal interface IPreTokenizer
{
    IEnumerable<AlignedText> Split(AlignedText piece);
}
