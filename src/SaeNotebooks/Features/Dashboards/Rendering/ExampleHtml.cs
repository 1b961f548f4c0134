using System.Text;
using SaeNotebooks.Display;
using SaeNotebooks.Figures;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Features.Dashboards.Rendering;

/// <summary>Examples as lines: the activation, and the text with active tokens on coloured ground, whose values appear under the pointer.</summary>
internal static class ExampleHtml
{
    /// <param name="examples">one on each line</param>
    /// <param name="strongest">the activation that gets the full colour</param>
    public static string Write(IReadOnlyList<Example> examples, double strongest) =>
        $"<div style=\"display:grid;grid-template-columns:3.4em minmax(0,1fr);gap:3px 10px;line-height:1.6\">{string.Concat(examples.Select(e => Line(e, strongest)))}</div>\n";

    private static string Line(Example e, double strongest)
    {
        var text = new StringBuilder(e.Position > e.Focus ? "<span style=\"opacity:.5\">…</span>" : "");
        for (var i = 0; i < e.Tokens.Count; i++) text.Append(Token(e, i, strongest));
        var labels = e.Labels.Where(l => l is not null).ToArray();
        var place = e.Sequence < 0 ? "" : $" title=\"text {e.Sequence}, token {e.Position}{Html.Encode(labels.Length > 0 ? $" · {string.Join(" · ", labels)}" : "")}\"";
        return $"<span{place} style=\"text-align:right;opacity:.72\">{Html.Number(e.Activation)}</span>" +
            $"<span dir=\"auto\" style=\"white-space:pre-wrap;overflow-wrap:anywhere\">{TokenText.Whole(text.ToString())}</span>\n";
    }

    /// <summary>Silent tokens are plain text, which keeps a page of examples small.</summary>
    private static string Token(Example e, int i, double strongest)
    {
        var (token, value) = (e.Tokens[i].Text, e.Activations[i]);
        if (value == 0 && i != e.Focus) return Html.Encode(Readable(token));
        // The space before a word stays outside, where a line may break; a token that is nothing else is coloured itself.
        var word = token.TrimStart(' ', '▁');
        var (space, shown) = word.Length == 0 ? ("", token.Length == 0 ? "∅" : token) : (token[..^word.Length], word);
        var focus = i == e.Focus ? ";box-shadow:0 2px 0 0 currentColor" : "";
        return $"{Readable(space)}<span title=\"{Html.Encode($"{TokenStrip.Visible(token)} = {Html.Number(value)}")}\" " +
            $"style=\"background:{TokenStrip.Ground(value, strongest, Scale.Diverging)}{focus}\">{Html.Encode(Readable(shown))}</span>";
    }

    /// <summary>Text to be read: spaces as they are, what has no shape of its own by a sign.</summary>
    private static string Readable(string token) => string.Concat(token.Select(c => c switch
    {
        '▁' => " ", '\n' => "↵", '\r' => "␍", '\t' => "⇥",
        _ when char.IsControl(c) => $"\\x{(int)c:x2}",
        _ => c.ToString(),
    }));
}
