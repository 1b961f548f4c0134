using System.Numerics;
using static TorchSharp.torch;
using static SaeNotebooks.Training.LanguageModels.Gradient.RowLoop;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>
/// Between rows of tokens and attention heads: q | k | v of a token stand side by side in one row, heads want their tokens
/// together. Queries and keys are turned by their positions on the way (Su et al. 2021), and queries scaled by 1/√d_head.
/// </summary>
internal sealed class RotaryHeadsKernel
{
    private readonly int _heads, _width;
    private readonly float[] _cos, _sin; // [context, width / 2]

    public RotaryHeadsKernel(DecoderShape shape)
    {
        (_heads, _width) = (shape.Heads, shape.HeadWidth);
        var half = _width / 2;
        (_cos, _sin) = (new float[shape.Context * half], new float[shape.Context * half]);
        for (var i = 0; i < _cos.Length; i++)
        {
            var angle = i / half * Math.Pow(DecoderShape.RopeTheta, -2.0 * (i % half) / _width);
            (_cos[i], _sin[i]) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
        }
    }

    /// <summary>Rows to heads.</summary>
    /// <param name="rows">[batch · pos, 3 · heads · width]</param>
    /// <param name="q">[batch · heads · pos, width], as are the others; overwritten</param>
    /// <param name="k">keys</param>
    /// <param name="v">values</param>
    /// <param name="length">tokens per document</param>
    public void Split(Tensor rows, Tensor q, Tensor k, Tensor v, int length) => ByPiece((int)rows.shape[0], (_, from, to) =>
    {
        var all = Floats(rows);
        var queries = Floats(q);
        var keys = Floats(k);
        var values = Floats(v);
        for (var row = from; row < to; row++)
            for (var head = 0; head < _heads; head++)
            {
                var (at, place) = (row * 3 * _heads * _width, Place(row, head, length));
                Turn(all.Slice(at + head * _width, _width), queries.Slice(place, _width), row % length, 1, Scale);
                Turn(all.Slice(at + (_heads + head) * _width, _width), keys.Slice(place, _width), row % length, 1, 1);
                all.Slice(at + (2 * _heads + head) * _width, _width).CopyTo(values.Slice(place, _width));
            }
    });

    /// <summary>Gradients of heads back to rows: the transpose of <see cref="Split"/>.</summary>
    public void SplitBackward(Tensor dq, Tensor dk, Tensor dv, Tensor dRows, int length) => ByPiece((int)dRows.shape[0], (_, from, to) =>
    {
        var all = Floats(dRows);
        var queries = Floats(dq);
        var keys = Floats(dk);
        var values = Floats(dv);
        for (var row = from; row < to; row++)
            for (var head = 0; head < _heads; head++)
            {
                var (at, place) = (row * 3 * _heads * _width, Place(row, head, length));
                Turn(queries.Slice(place, _width), all.Slice(at + head * _width, _width), row % length, -1, Scale);
                Turn(keys.Slice(place, _width), all.Slice(at + (_heads + head) * _width, _width), row % length, -1, 1);
                values.Slice(place, _width).CopyTo(all.Slice(at + (2 * _heads + head) * _width, _width));
            }
    });

    /// <summary>Outputs of heads to rows.</summary>
    /// <param name="z">[batch · heads · pos, width]</param>
    /// <param name="rows">[batch · pos, heads · width], overwritten</param>
    /// <param name="length">tokens per document</param>
    public void Merge(Tensor z, Tensor rows, int length) => ByPiece((int)rows.shape[0], (_, from, to) =>
    {
        var heads = Floats(z);
        var all = Floats(rows);
        for (var row = from; row < to; row++)
            for (var head = 0; head < _heads; head++)
                heads.Slice(Place(row, head, length), _width).CopyTo(all[((row * _heads + head) * _width)..]);
    });

    /// <summary>Gradients of rows to heads: the transpose of <see cref="Merge"/>.</summary>
    public void MergeBackward(Tensor dRows, Tensor dz, int length) => ByPiece((int)dRows.shape[0], (_, from, to) =>
    {
        var heads = Floats(dz);
        var all = Floats(dRows);
        for (var row = from; row < to; row++)
            for (var head = 0; head < _heads; head++)
                all.Slice((row * _heads + head) * _width, _width).CopyTo(heads[Place(row, head, length)..]);
    });

    private float Scale => (float)(1 / Math.Sqrt(_width));

    private int Place(int row, int head, int length) => ((row / length * _heads + head) * length + row % length) * _width;

    /// <summary>(y₁, y₂) = scale·(x₁ cos − x₂ sin, x₂ cos + x₁ sin), by the position's angles or, with direction −1, against them.</summary>
    private void Turn(ReadOnlySpan<float> x, Span<float> y, int position, float direction, float scale)
    {
        var half = _width / 2;
        var cos = _cos.AsSpan(position * half, half);
        var sin = _sin.AsSpan(position * half, half);
        var i = 0;
        for (; i <= half - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (a, b) = (new Vector<float>(x[i..]), new Vector<float>(x[(half + i)..]));
            var (c, s) = (new Vector<float>(cos[i..]) * scale, new Vector<float>(sin[i..]) * (direction * scale));
            (a * c - b * s).CopyTo(y[i..]);
            (b * c + a * s).CopyTo(y[(half + i)..]);
        }
        for (; i < half; i++)
        {
            var (a, b, c, s) = (x[i], x[half + i], cos[i] * scale, sin[i] * direction * scale);
            (y[i], y[half + i]) = (a * c - b * s, b * c + a * s);
        }
    }
}
