using System.Reflection;

namespace SaeNotebooks.Display;

/// <summary>
/// The running cell of a .NET notebook kernel, reached by reflection on .NET Interactive's type names, so that the library
/// references no host; any kernel that offers types of these names is served too.
/// </summary>
internal sealed class NotebookHost
{
    private const string Space = "Microsoft.DotNet.Interactive.";
    private static PropertyInfo? _current; // looked for until a host is there
    private readonly object _context;
    private readonly MethodInfo _display;

    private NotebookHost(object context, MethodInfo display) => (_context, _display) = (context, display);

    /// <summary>The host of the cell that is running; null outside of a notebook.</summary>
    public static NotebookHost? Current
    {
        get
        {
            var context = RunningCell();
            var display = context is null ? null : DisplayMethod(context.GetType());
            return display is null ? null : new(context!, display);
        }
    }

    /// <summary>Cancelled when the cell is interrupted.</summary>
    public CancellationToken Cancellation => CancellationOf(_context);

    /// <summary>The token that a caller gave, or, if none was, that of the running cell: its interrupt button ends the work.</summary>
    public static CancellationToken CancellationOr(CancellationToken given) =>
        given.CanBeCanceled || RunningCell() is not { } cell ? given : CancellationOf(cell);

    /// <summary>Displays a value in the cell's output.</summary>
    /// <returns>what replaces it by another value</returns>
    public Action<object> Display(object value)
    {
        var displayed = _display.Invoke(null, [_context, value, new[] { MimeTypes.Html }]);
        var update = displayed?.GetType().GetMethods().FirstOrDefault(m => m.Name == "Update" && m.GetParameters().Length == 1);
        return update is null ? _ => { } : next => update.Invoke(displayed, [next]);
    }

    private static object? RunningCell() =>
        (_current ??= Find("KernelInvocationContext")?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static))?.GetValue(null);

    private static CancellationToken CancellationOf(object cell) =>
        cell.GetType().GetProperty("CancellationToken")?.GetValue(cell) is CancellationToken token ? token : default;

    private static MethodInfo? DisplayMethod(Type context) => Find("KernelInvocationContextExtensions")?
        .GetMethods(BindingFlags.Public | BindingFlags.Static).FirstOrDefault(m => m.Name == "Display" && m.GetParameters() is { Length: 3 } p
            && p[0].ParameterType.IsAssignableFrom(context) && p[1].ParameterType == typeof(object) && p[2].ParameterType == typeof(string[]));

    private static Type? Find(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(Space + name)).FirstOrDefault(t => t is not null);
}
