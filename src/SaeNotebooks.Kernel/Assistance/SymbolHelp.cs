using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.QuickInfo;

namespace SaeNotebooks.Kernel.Assistance;

/// <summary>What a name in a cell is: its declaration, and what its documentation says.</summary>
internal static class SymbolHelp
{
    /// <summary>Asks Roslyn's quick info.</summary>
    /// <param name="document">The cell.</param>
    /// <param name="code">Its text.</param>
    /// <param name="position">The cursor, in UTF-16 units.</param>
    /// <param name="token">Ends the search.</param>
    /// <returns>The declaration and its documentation; null where no name stands.</returns>
    public static async Task<HelpText?> FindAsync(Document document, string code, int position, CancellationToken token)
    {
        var service = QuickInfoService.GetService(document)!;
        // The cursor is behind the name as often as in it.
        var info = await service.GetQuickInfoAsync(document, position, token)
            ?? (position > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[position - 1]) ? await service.GetQuickInfoAsync(document, position - 1, token) : null);
        if (info is null) return null;
        var declaration = info.Sections.FirstOrDefault(section => section.Kind == QuickInfoSectionKinds.Description)?.Text;
        var rest = info.Sections.Where(section => section.Kind != QuickInfoSectionKinds.Description && section.Text.Length > 0)
            .Select(section => section.Text.Trim());
        return declaration is null ? null : new(declaration.Trim(), string.Join("\n\n", rest));
    }
}

/// <summary>An explanation.</summary>
/// <param name="Code">The C# that it explains.</param>
/// <param name="Text">The explanation; may be empty.</param>
internal sealed record HelpText(string Code, string Text);
