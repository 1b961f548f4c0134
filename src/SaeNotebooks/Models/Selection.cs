using SaeNotebooks.Hooks;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>The tokens of one pass at which an edit applies.</summary>
/// <param name="Columns">columns of the padded batch in which any prompt is selected, rising</param>
/// <param name="Rows">for each of these columns, which prompts are selected in it; null if all are</param>
internal sealed record Selection(IReadOnlyList<int> Columns, IReadOnlyList<bool[]>? Rows)
{
    public static Selection Of(Positions positions, TokenBatch batch, (int First, int Count) pass, int? bos)
    {
        var columns = new List<int>();
        var rows = new List<bool[]>();
        for (var column = pass.First; column < pass.First + pass.Count; column++)
        {
            var selected = new bool[batch.Prompts.Count];
            for (var row = 0; row < selected.Length; row++)
                selected[row] = batch.Place(row, column, bos, pass.First + pass.Count) is { } place && positions.Selects(place);
            if (!selected.Contains(true)) continue;
            columns.Add(column);
            rows.Add(selected);
        }
        return new Selection(columns, rows.All(r => !r.Contains(false)) ? null : rows);
    }

    /// <summary>[batch, 1 …, columns, 1 …], true where selected, for an activation with the given number of dimensions; null if all
    /// are.</summary>
    public Tensor? Mask(int positionDimension, int dimensions, Device device)
    {
        if (Rows is null) return null;
        var batch = Rows[0].Length;
        var flat = Enumerable.Range(0, batch).SelectMany(row => Rows.Select(r => r[row])).ToArray();
        var shape = Enumerable.Repeat(1L, dimensions).ToArray();
        (shape[0], shape[positionDimension]) = (batch, Rows.Count);
        return tensor(flat, device: device).view(shape);
    }
}
