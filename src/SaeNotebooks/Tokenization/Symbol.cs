namespace SaeNotebooks.Tokenization;

/// <summary>A token within a piece of text.</summary>
/// <param name="Id">its id</param>
/// <param name="Start">first UTF-16 code unit of the piece that it covers</param>
/// <param name="Length">how many it covers; the bytes of one character all cover it</param>
internal readonly record struct Symbol(int Id, int Start, int Length)
{
    public Symbol Joined(Symbol right, int id) => new(id, Start, right.Start + right.Length - Start);
}
